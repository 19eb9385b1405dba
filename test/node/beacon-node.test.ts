import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { ChainVerifier } from '../../src/consensus/verifier.ts';
import { poolText, sealedPoolOf } from '../../src/core/beacon.ts';
import { drandVerifier } from '../../src/core/drand-signature.ts';
import { parseExact } from '../../src/core/exact-json.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { remembering, TestBeacon } from '../core/build-beacon-chain.ts';
import { verifySignature } from '../core/build-chain.ts';
import { SimulatedBeacons } from '../sim/simulated-beacons.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { type Person, World, type WorldOptions } from '../sim/world.ts';

const intervalMs = 30_000;
const genesisTime = Date.UTC(2025, 11, 31) / 1000;
const quick = new TestBeacon('quick', { GenesisTime: genesisTime, Period: 3 });
const slow = new TestBeacon('slow', { GenesisTime: genesisTime, Period: 20 });
const verifyBeacon = remembering(drandVerifier());

/** A node whose draws wait for beacons, which may be stopped and begun again. */
class Room {
  readonly clock: SimulatedClock;
  readonly store: MemoryStore;
  readonly beacons: SimulatedBeacons;
  readonly #open: () => Promise<World>;
  world: World;

  private constructor(parts: Pick<Room, 'clock' | 'store' | 'beacons' | 'world'>, open: () => Promise<World>) {
    this.clock = parts.clock;
    this.store = parts.store;
    this.beacons = parts.beacons;
    this.world = parts.world;
    this.#open = open;
  }

  static async open(testBeacons: readonly TestBeacon[], changes: Partial<WorldOptions> = {}): Promise<Room> {
    const clock = new SimulatedClock();
    const store = new MemoryStore();
    const beacons = new SimulatedBeacons(clock, testBeacons);
    const open = (): Promise<World> =>
      World.open({
        seed: 1,
        secretsSeed: 1,
        clock,
        store,
        intervalMs,
        broadcastIntervalMs: 3_600_000,
        linksPerChain: 4,
        stakeMax: 1000n,
        slashAfter: 1,
        linesPerSecond: 0,
        beacons,
        ...changes,
      });
    return new Room({ clock, store, beacons, world: await open() }, open);
  }

  /** The process is killed, and begun again. */
  async crash(): Promise<void> {
    this.clock.forget();
    this.beacons.forget();
    this.world = await this.#open();
    await this.clock.pass(0);
  }

  async stopAndBegin(): Promise<void> {
    await this.world.stop();
    expect(this.world.faults).toEqual([]);
    this.world = await this.#open();
    await this.clock.pass(0);
  }

  async join(stake: number): Promise<Person> {
    const person = this.world.connect();
    person.type(`${stake}\n`);
    await this.clock.pass(0);
    return person;
  }

  /** Judges the stored chain by all that lies beside its blocks. */
  async judge(): Promise<void> {
    const verifier = new ChainVerifier(verifySignature, { verifyBeacon });
    for (let index = 0; index <= this.store.height; index++) {
      const signed = parseExact((await this.store.signedBodyText(index)) ?? '{}');
      const Seal = await this.store.sealOf(index);
      if (index > 0) expect(Seal).toBeDefined();
      const body = { ...(typeof signed === 'object' ? signed : {}), ...(Seal === undefined ? {} : { Seal }) };
      const checked = runToEnd(verifier.nextInSteps(parseExact((await this.store.block(index)) ?? ''), body));
      if ('fault' in checked) throw new Error(`block ${index}: ${checked.fault.rule}: ${checked.fault.why}`);
    }
  }

  /** What was told of sealed pools. */
  seals(): readonly Extract<World['events'][number], { kind: 'sealed' }>[] {
    return this.world.events.flatMap((event) => (event.kind === 'sealed' ? [event] : []));
  }
}

describe('a lottery whose draws wait for a beacon', () => {
  it('seals the pool, says so, and draws when the beacon has spoken', async () => {
    const room = await Room.open([quick]);
    const person = await room.join(1);
    person.type('72\n');
    await room.clock.pass(intervalMs - 1);
    person.unchecked();
    await room.clock.pass(1);
    const [seal] = room.seals();
    const [round] = seal?.rounds ?? [];
    expect(person.unchecked()).toBe(
      `\nPool of block 1 is sealed: 1 candidate, 1 token, root ${seal?.pool.PoolRoot.slice(0, 16)}.\nThe draw waits for quick round ${round?.round}.\n\nEnter a new BPM:`,
    );
    expect(room.world.drawn()).toEqual([]);
    expect(round?.timeMs).toBeGreaterThanOrEqual(Date.parse(seal?.pool.Sealed ?? '') + 3000);
    expect(room.world.service.status().seal).toMatchObject({ rounds: [{ name: 'quick', signature: undefined }] });
    await room.clock.pass(6000);
    const [block] = room.world.drawn();
    expect(block?.Draw).toMatchObject({ Sealed: seal?.pool.Sealed, PoolSize: 1, Beacons: [{ Round: round?.round }] });
    expect(person.unchecked()).toContain('\nYou won block 1.\n');
    expect(room.world.service.status().seal).toBeUndefined();
    await room.judge();
    await room.world.stop();
    expect(room.world.faults).toEqual([]);
  });

  it('tells a seal that is signed, of a pool that is the block’s', async () => {
    const room = await Room.open([quick]);
    (await room.join(7)).type('72\n');
    await room.clock.pass(intervalMs + 6000);
    const [seal] = room.seals();
    const [block] = room.world.drawn();
    if (seal === undefined || block === undefined) throw new Error('nothing was drawn');
    expect(seal.pool).toEqual(sealedPoolOf(block));
    const genesis = parseExact((await room.store.block(0)) ?? '');
    const { Hash, Genesis } = Object(genesis);
    expect(verifySignature(Genesis.Authority, poolText(Hash, seal.pool), seal.signature)).toBe(true);
    expect(await room.store.sealOf(1)).toBe(seal.signature);
  });

  it('takes candidates for the block after it meanwhile', async () => {
    const room = await Room.open([quick]);
    const [one, other] = [await room.join(1), await room.join(2)];
    one.type('72\n');
    await room.clock.pass(intervalMs);
    other.type('73\n');
    await room.clock.pass(0);
    expect(other.unchecked()).toContain('Candidate for block 2: BPM 73.');
    await room.clock.pass(2 * intervalMs);
    expect(room.world.drawn().map(({ BPM }) => BPM)).toEqual([72, 73]);
    await room.judge();
  });

  it('waits for as long as a beacon is silent, says for which, and never falls back', async () => {
    const room = await Room.open([quick, slow]);
    room.beacons.silence('slow');
    const person = await room.join(5);
    person.type('72\n');
    await room.clock.pass(intervalMs);
    const [seal] = room.seals();
    const [first, second] = seal?.rounds ?? [];
    expect(person.unchecked()).toContain(
      `The draw waits for quick round ${first?.round}, slow round ${second?.round}.\n`,
    );
    await room.clock.pass(50_000);
    expect(person.unchecked()).toContain(
      `The draw of block 1 is late: it waits for slow round ${second?.round}. No candidate is lost;`,
    );
    await room.clock.pass(3_600_000);
    expect(room.world.drawn()).toEqual([]);
    const rounds = room.world.service.status().seal?.rounds ?? [];
    expect(rounds.map(({ name, signature }) => [name, signature === undefined])).toEqual([
      ['quick', false],
      ['slow', true],
    ]);
    room.beacons.speak('slow');
    await room.clock.pass(0);
    expect(room.world.drawn()).toMatchObject([{ Draw: { Sealed: seal?.pool.Sealed } }]);
    const said = person.unchecked();
    expect(said).toContain(`\nslow round ${second?.round} has come: the draw of block 1 is made now.\n`);
    expect(said).not.toContain('quick round');
    expect(said).toContain('You won block 1.');
    await room.judge();
  });

  it('says what is still awaited when one of two silent beacons is heard', async () => {
    const room = await Room.open([quick, slow]);
    room.beacons.silence('slow');
    room.beacons.silence('quick');
    const person = await room.join(5);
    person.type('72\n');
    await room.clock.pass(intervalMs + 50_000);
    const [first, second] = room.seals()[0]?.rounds ?? [];
    expect(room.world.service.status().seal?.rounds.map(({ isLate }) => isLate)).toEqual([true, true]);
    person.unchecked();
    room.beacons.speak('quick');
    await room.clock.pass(0);
    expect(person.unchecked()).toContain(
      `quick round ${first?.round} has come: the draw of block 1 still waits for slow round ${second?.round}.\n`,
    );
    room.beacons.speak('slow');
    await room.clock.pass(0);
    expect(room.world.drawn()).toHaveLength(1);
  });

  it('is not late while it waits for a round that is not published yet', async () => {
    const room = await Room.open([slow]);
    const person = await room.join(5);
    person.type('72\n');
    await room.clock.pass(intervalMs + 20_000);
    expect(person.seen).not.toContain('is late');
    await room.clock.pass(20_000);
    expect(room.world.drawn()).toHaveLength(1);
    expect(person.seen).not.toContain('is late');
  });

  it.each(['crash', 'stopAndBegin'] as const)('goes on with the very same pool after %s', async (end) => {
    const room = await Room.open([quick]);
    room.beacons.silence('quick');
    for (const stake of [1, 2, 3]) (await room.join(stake)).type('72\n');
    await room.clock.pass(intervalMs);
    const [before] = room.seals();
    expect(before?.pool.PoolSize).toBe(3);
    await room.clock.pass(100_000);
    await room[end]();
    expect(room.world.drawn()).toEqual([]);
    const [after] = room.seals();
    expect(after?.pool).toEqual(before?.pool);
    expect(after?.signature).toBe(before?.signature);
    (await room.join(9)).type('74\n');
    room.beacons.speak('quick');
    await room.clock.pass(1);
    const [block] = room.world.drawn();
    expect(block === undefined ? undefined : sealedPoolOf(block)).toEqual(before?.pool);
    expect(new Set(room.beacons.asked).size).toBe(1);
    await room.clock.pass(intervalMs + 6000);
    expect(room.world.drawn()).toMatchObject([{ Index: 1 }, { Index: 2, BPM: 74 }]);
    await room.judge();
    await room.world.stop();
    expect(room.world.faults).toEqual([]);
  });

  it.each([0, 1, 2999, 3000, 4000, 5999])(
    'draws what was sealed when it is killed %i ms behind the seal',
    async (afterMs) => {
      const room = await Room.open([slow]);
      for (const stake of [1, 2, 3]) (await room.join(stake)).type('72\n');
      await room.clock.pass(intervalMs);
      const [before] = room.seals();
      await room.clock.pass(afterMs);
      await room.crash();
      expect(room.seals().map(({ pool, signature, rounds }) => ({ pool, signature, rounds }))).toEqual([
        { pool: before?.pool, signature: before?.signature, rounds: before?.rounds },
      ]);
      await room.clock.pass(50_000);
      expect(room.world.drawn().map(sealedPoolOf)).toEqual([before?.pool]);
      await room.judge();
    },
  );

  it('forgets a sealed pool that is drawn', async () => {
    const room = await Room.open([quick]);
    (await room.join(1)).type('72\n');
    await room.clock.pass(intervalMs + 6000);
    expect(room.world.drawn()).toHaveLength(1);
    await room.crash();
    await room.clock.pass(2 * intervalMs);
    expect(room.world.drawn()).toEqual([]);
    expect(room.world.faults).toEqual([]);
  });

  it('never makes a block that is older than its rounds, however far its clock is behind', async () => {
    const room = await Room.open([quick]);
    room.beacons.silence('quick');
    (await room.join(1)).type('72\n');
    await room.clock.pass(intervalMs);
    await room.clock.pass(6000);
    room.clock.jumpWall(-60_000);
    room.beacons.speak('quick');
    await room.clock.pass(50_000);
    expect(room.world.drawn()).toEqual([]);
    await room.clock.pass(20_000);
    expect(room.world.drawn()).toHaveLength(1);
    await room.judge();
    expect(room.world.faults).toEqual([]);
  });

  it('seals the transactions of a ledger with the pool, also through a crash', async () => {
    const room = await Room.open([quick], { ledger: { reward: 50n, grant: 1000n } });
    room.beacons.silence('quick');
    const person = await room.join(100);
    person.type('72\n');
    await room.clock.pass(intervalMs);
    const [before] = room.seals();
    expect(before?.pool.TransactionRoot).toMatch(/^[0-9a-f]{64}$/);
    await room.crash();
    const other = await room.join(10);
    room.beacons.speak('quick');
    await room.clock.pass(6000);
    expect(room.world.drawn()).toMatchObject([
      { BPM: 72, Ledger: { Transactions: 2, TransactionRoot: before?.pool.TransactionRoot } },
    ]);
    await room.clock.pass(intervalMs + 6000);
    expect(other.seen).toMatch(/You received 1000 tokens from sort1\S+ in block 2\./);
    await room.judge();
    expect(room.world.faults).toEqual([]);
  });
});
