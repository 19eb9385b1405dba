import { describe, expect, it } from 'vitest';
import type { StoredBlock } from '../../src/consensus/engine.ts';
import { limits } from '../../src/node/limits.ts';
import { ResumableSessions } from '../../src/node/resumable-sessions.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { hexOf } from '../core/build-chain.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { type Person, World } from '../sim/world.ts';

const graceMs = 5000;
const home = '192.0.2.1';

async function open(
  store = new MemoryStore(),
  clock = new SimulatedClock(),
  grace = graceMs,
): Promise<ResumableSessions> {
  let codes = 0;
  const newCode = (): string => {
    codes += 1;
    return `ABCD-1230-${String(codes).padStart(4, '0')}`;
  };
  return ResumableSessions.open({ clock, graceMs: grace, codes: { newCode }, store });
}

function openSession(sessions: ResumableSessions, name: string): string {
  const code = sessions.open(hexOf(name), 10n);
  if (code === undefined) throw new Error('no sessions are kept');
  return code;
}

/** A store that takes a block when it is told to. */
class SlowStore extends MemoryStore {
  release: () => void = () => undefined;

  override async append(...stored: readonly StoredBlock[]): Promise<void> {
    if (this.height >= 0) {
      await new Promise<void>((resolve) => {
        this.release = resolve;
      });
    }
    await super.append(...stored);
  }
}

describe('resumable sessions', () => {
  it('are resumed with their codes, as often as these are used', async () => {
    const sessions = await open();
    const code = openSession(sessions, 'a');
    for (let time = 0; time < 2; time++) {
      sessions.detach(hexOf('a'));
      expect(sessions.resume(code, home)).toEqual({ kind: 'resumed', address: hexOf('a'), stake: 10n, strikes: 0 });
    }
    expect(sessions.resume(code, home).kind).toBe('resumed');
  });

  it.each(['abcd12300001', 'ABCD 1230 0001', 'abcd-l23o-oooi'])(
    'understand a code that was copied as %s',
    async (code) => {
      const sessions = await open();
      openSession(sessions, 'a');
      expect(sessions.resume(code, home).kind).toBe('resumed');
    },
  );

  it('can be resumed within their grace time, and not a moment longer', async () => {
    const clock = new SimulatedClock();
    const sessions = await open(undefined, clock);
    const code = openSession(sessions, 'a');
    await clock.pass(10 * graceMs);
    sessions.detach(hexOf('a'));
    await clock.pass(graceMs - 1);
    expect(sessions.resume(code, home).kind).toBe('resumed');
    sessions.detach(hexOf('a'));
    await clock.pass(graceMs);
    expect(sessions.resume(code, home).kind).toBe('unknown');
  });

  it('outlast the process, and their grace time begins again with its start', async () => {
    const store = new MemoryStore();
    const code = openSession(await open(store), 'a');
    const clock = new SimulatedClock();
    const sessions = await open(store, clock);
    await clock.pass(graceMs - 1);
    expect(sessions.resume(code, home)).toMatchObject({ kind: 'resumed', address: hexOf('a') });
  });

  it('are stored with a hash of the code, so that a reader of the disk cannot resume them', async () => {
    const store = new MemoryStore();
    const code = openSession(await open(store), 'a');
    expect(JSON.stringify((await store.sessions()).map(({ codeHash, address }) => [codeHash, address]))).not.toContain(
      code,
    );
  });

  it('are gone, from the disk as well, with a lost stake and after their time', async () => {
    const store = new MemoryStore();
    const clock = new SimulatedClock();
    const sessions = await open(store, clock);
    const codes = [openSession(sessions, 'a'), openSession(sessions, 'b'), openSession(sessions, 'c')];
    sessions.remove(hexOf('a'));
    sessions.detach(hexOf('b'));
    await clock.pass(graceMs);
    sessions.detach(hexOf('c'));
    sessions.removeExpired();
    expect((await store.sessions()).map(({ address }) => address)).toEqual([hexOf('c')]);
    expect(codes.map((code) => sessions.resume(code, home).kind)).toEqual(['unknown', 'unknown', 'resumed']);
  });

  it('are not kept beyond a number: the one without a connection for longest is removed first', async () => {
    const sessions = await open();
    const [first, second] = [openSession(sessions, 'first'), openSession(sessions, 'second')];
    sessions.detach(hexOf('first'));
    sessions.detach(hexOf('second'));
    for (let more = 1; more < limits.detachedSessionsMax; more++) {
      openSession(sessions, `${more}`);
      sessions.detach(hexOf(`${more}`));
    }
    expect(sessions.resume(second, home).kind).toBe('resumed');
    expect(sessions.resume(first, home).kind).toBe('unknown');
  });

  it('are not resumed after too many wrong codes from the same network, until a minute is over', async () => {
    const clock = new SimulatedClock();
    const sessions = await open(undefined, clock);
    await clock.pass(60_000);
    const code = openSession(sessions, 'a');
    for (let miss = 0; miss < limits.wrongCodesPerMinuteMax; miss++) {
      expect(sessions.resume(code, home).kind).toBe('resumed');
      expect(sessions.resume('wrong', home).kind).toBe('unknown');
    }
    expect(sessions.resume(code, home).kind).toBe('too many');
    expect(sessions.resume(code, '192.0.2.2').kind).toBe('resumed');
    await clock.pass(59_999);
    expect(sessions.resume(code, home).kind).toBe('too many');
    await clock.pass(1);
    expect(sessions.resume(code, home).kind).toBe('resumed');
  });

  it('are safe from guesses out of more networks than are counted one by one: the others count as one', async () => {
    const sessions = await open();
    const code = openSession(sessions, 'a');
    for (let network = 0; network < limits.wrongCodeNetworksMax; network++) sessions.resume('wrong', `${network}`);
    for (let miss = 0; miss < limits.wrongCodesPerMinuteMax; miss++) sessions.resume('wrong', `late ${miss}`);
    expect(sessions.resume(code, 'later').kind).toBe('too many');
    expect(sessions.resume(code, '0').kind).toBe('resumed');
  });

  it('keep the strikes of their validators, also when the server is restarted', async () => {
    const store = new MemoryStore();
    const before = await open(store);
    const code = openSession(before, 'a');
    before.setStrikes(hexOf('a'), 2);
    before.detach(hexOf('a'));
    for (const sessions of [before, await open(store)])
      expect(sessions.resume(code, home)).toMatchObject({ kind: 'resumed', strikes: 2 });
  });

  it('are not kept at a grace time of 0', async () => {
    const store = new MemoryStore();
    const sessions = await open(store, new SimulatedClock(), 0);
    expect(sessions.open(hexOf('a'), 10n)).toBeUndefined();
    expect(await store.sessions()).toEqual([]);
  });
});

describe('a validator whose connection broke', () => {
  const intervalMs = 1000;

  async function world(store = new MemoryStore(), clock = new SimulatedClock(), slashAfter = 1): Promise<World> {
    return World.open({
      seed: clock.monotonicMs() + 1,
      secretsSeed: 1,
      clock,
      store,
      sessionStore: store,
      intervalMs,
      broadcastIntervalMs: 60_000,
      linksPerChain: 64,
      stakeMax: 1000n,
      slashAfter,
      linesPerSecond: 0,
      rejoinGraceMs: graceMs,
    });
  }

  function codeOf(person: Person): string {
    return /seconds: rejoin (\S+)\n/.exec(person.seen)?.[1] ?? 'none';
  }

  function addressOf(person: Person): string {
    return /You are validator ([0-9a-f]{64}) with 10 tokens\./.exec(person.seen)?.[1] ?? 'none';
  }

  it('comes back to address, stake and candidate in the same round', async () => {
    const room = await world();
    const first = room.connect();
    first.type('10\n72\n');
    first.reset();
    const second = room.connect();
    second.type(`rejoin ${codeOf(first)}\n73\n`);
    expect(addressOf(second)).toBe(addressOf(first));
    expect(second.seen).toContain('Already in the draw for block 1');
    await room.clock.pass(intervalMs);
    expect(second.seen).toContain('You won block 1.');
  });

  it('comes back rounds later, when the server had forgotten the validator', async () => {
    const room = await world();
    const first = room.connect();
    first.type('10\n72\n');
    first.reset();
    await room.clock.pass(3 * intervalMs);
    expect(room.service.status().validators).toBe(0);
    const second = room.connect();
    second.type(`rejoin ${codeOf(first)}\n73\n`);
    await room.clock.pass(intervalMs);
    expect(second.seen).toContain('You won block 2.');
    expect(room.drawn().map(({ Validator }) => Validator)).toEqual([addressOf(first), addressOf(first)]);
  });

  it('comes back after the server was restarted', async () => {
    const store = new MemoryStore();
    const clock = new SimulatedClock();
    const before = await world(store, clock);
    const first = before.connect();
    first.type('10\n');
    await clock.pass(0);
    clock.forget();
    const after = await world(store, clock);
    const second = after.connect();
    second.type(`rejoin ${codeOf(first)}\n72\n`);
    await clock.pass(intervalMs);
    expect(addressOf(second)).toBe(addressOf(first));
    expect(second.seen).toContain('You won block 1.');
  });

  it('takes its session over from a connection that the server takes for alive, and that one is closed', async () => {
    const room = await world();
    const first = room.connect();
    first.type('10\n72\n');
    const second = room.connect();
    second.type(`rejoin ${codeOf(first)}\n`);
    first.flow();
    expect(first.closeReason).toBe('taken-over');
    expect(first.seen).toMatch(/\nError: another connection has taken your seat over .*\n$/);
    expect(room.service.status().validators).toBe(1);
    await room.clock.pass(intervalMs);
    expect(second.seen).toContain('You won block 1.');
    const third = room.connect();
    third.type(`rejoin ${codeOf(first)}\n`);
    second.flow();
    expect(second.closeReason).toBe('taken-over');
    expect(room.service.status().validators).toBe(1);
  });

  it('takes its session over from a half-closed pipe, which is told and closed at once', async () => {
    const room = await world();
    const pipe = room.connect();
    pipe.type('10\n72\n');
    pipe.closeSide();
    const second = room.connect();
    second.type(`rejoin ${codeOf(pipe)}\n73\n`);
    pipe.flow();
    expect(pipe.closeReason).toBe('taken-over');
    expect(pipe.seen).toMatch(/\nError: another connection has taken your seat over .*\n$/);
    expect(second.seen).toContain('Already in the draw for block 1');
    await room.clock.pass(intervalMs);
    expect(second.seen).toContain('You won block 1.');
  });

  it('takes it over from such a pipe also while its round is being drawn, and hears the result instead of it', async () => {
    const store = new SlowStore();
    const room = await world(store);
    const pipe = room.connect();
    pipe.type('10\n72\n');
    pipe.closeSide();
    await room.clock.pass(intervalMs);
    expect(pipe.isConnected).toBe(true);
    const second = room.connect();
    second.type(`rejoin ${codeOf(pipe)}\n`);
    pipe.flow();
    expect(pipe.closeReason).toBe('taken-over');
    store.release();
    await room.clock.pass(0);
    expect(second.seen).toContain('You won block 1.');
    expect(pipe.seen).not.toContain('winning validator');
    expect(room.faults).toEqual([]);
  });

  it('takes over nothing from a connection that is gone', async () => {
    const room = await world();
    const first = room.connect();
    first.type('10\n72\n');
    first.reset();
    const seen = first.seen;
    const second = room.connect();
    second.type(`rejoin ${codeOf(first)}\n`);
    first.flow();
    expect(first.seen).toBe(seen);
    expect(first.closeReason).toBe('reset');
    expect(room.faults).toEqual([]);
  });

  it.each([0, 3])('has not undone its tainted blocks by that, when it was away for %i rounds', async (rounds) => {
    const room = await world(undefined, undefined, 3);
    const first = room.connect();
    first.type('10\nx\n72\nx\n');
    await room.clock.pass(1);
    first.reset();
    await room.clock.pass(rounds * intervalMs);
    const second = room.connect();
    second.type(`rejoin ${codeOf(first)}\nx\n`);
    await room.clock.pass(1);
    expect(second.seen).toContain('Slashed: "x" is not a BPM');
  });

  it('does not come back after it was slashed, nor after its time', async () => {
    const room = await world();
    const slashed = room.connect();
    slashed.type('10\nx\n');
    const late = room.connect();
    late.type('10\n');
    late.reset();
    await room.clock.pass(graceMs + intervalMs);
    for (const gone of [slashed, late]) {
      const again = room.connect();
      again.type(`rejoin ${codeOf(gone)}\n`);
      expect(again.seen).toMatch(/Error: "rejoin .*" is not the code of a seat that is kept here\./);
    }
  });
});
