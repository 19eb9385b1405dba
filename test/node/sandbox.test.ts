import { describe, expect, it } from 'vitest';
import { parseExact } from '../../src/core/exact-json.ts';
import { parseGenesisBlock } from '../../src/core/parse-genesis.ts';
import { timestampMs } from '../../src/core/timestamp.ts';
import { isSandbox } from '../../src/ledger/sandbox.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { World, type WorldOptions } from '../sim/world.ts';

const intervalMs = 1000;
const words = 'This is a sandbox: its tokens are without value, and its time and its blocks may be set back.\n';

function open(store: MemoryStore, changes: Partial<WorldOptions> = {}): Promise<World> {
  return World.open({
    seed: 1,
    secretsSeed: 1,
    clock: new SimulatedClock(),
    store,
    intervalMs,
    broadcastIntervalMs: 3_600_000,
    linksPerChain: 4,
    stakeMax: 10n,
    slashAfter: 1,
    linesPerSecond: 0,
    ledger: { reward: 50n, grant: 1000n, isSandbox: true },
    ...changes,
  });
}

/** The key of the faucet, which is the one that stands in when nobody proposes. */
function firstKey(world: World): string | undefined {
  return world.drawn()[0]?.Validator;
}

async function genesisOf(store: MemoryStore): Promise<unknown> {
  const parsed = parseGenesisBlock(parseExact((await store.block(0)) ?? ''));
  if ('why' in parsed) throw new Error(parsed.why);
  return parsed.value.Genesis.Ledger?.Accounts;
}

describe('a sandbox', () => {
  it('says in its genesis what it is, where nobody can take it away', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const mark = Buffer.from('sortition sandbox, without value').toString('hex');
    expect(await genesisOf(store)).toEqual([expect.anything(), [mark, '0', '0']]);
    await world.stop();
  });

  it.each(['lottery', 'instant'] as const)(
    'says so at nc and in the status, also after a restart: %s',
    async (kind) => {
      const store = new MemoryStore();
      const consensus = kind === 'instant' ? { consensus: kind } : {};
      const world = await open(store, consensus);
      const person = world.connect();
      person.type('100\n');
      await world.clock.pass(intervalMs);
      expect(person.seen).toContain(`\n${words}`);
      await world.stop();
      const again = await open(store, { seed: 2, ...consensus, ledger: { reward: 50n, grant: 1000n } });
      expect(again.service.status().isSandbox).toBe(true);
      await again.stop();
    },
  );

  it('has time pass at once: one round ends late, and blocks are as late as the clock', async () => {
    const store = new MemoryStore();
    const world = await open(store, { intervalMs: 60_000 });
    const { sandbox } = world.service;
    if (sandbox === undefined) throw new Error('this is a sandbox');
    const person = world.connect();
    person.type('100\n72\n');
    await world.clock.pass(0);
    const startMs = timestampMs(world.clock.timestamp());
    const tenRoundsMs = 600_000;
    const later = sandbox.increaseTime(tenRoundsMs);
    expect(later).toEqual({ timestamp: world.clock.timestamp() });
    await world.clock.pass(0);
    const [block, ...more] = world.drawn();
    expect(more).toEqual([]);
    expect(timestampMs(block?.Timestamp ?? '')).toBe(startMs + tenRoundsMs);
    await world.stop();
  });

  it('may have its wall clock set, which rounds do not notice, but no block goes back in time', async () => {
    const world = await open(new MemoryStore());
    const { sandbox } = world.service;
    if (sandbox === undefined) throw new Error('this is a sandbox');
    const person = world.connect();
    person.type('100\n72\n');
    const forward = '2031-01-31T12:00:00.000Z';
    expect(sandbox.setTime(forward)).toEqual({ timestamp: forward });
    await world.clock.pass(0);
    expect(world.drawn()).toEqual([]);
    await world.clock.pass(intervalMs);
    expect(world.drawn()[0]?.Timestamp).toBe('2031-01-31T12:00:01.000Z');
    const back = '2026-01-31T12:00:00.000Z';
    expect(sandbox.setTime(back)).toEqual({ timestamp: back });
    person.type('73\n');
    await world.clock.pass(intervalMs);
    expect(world.drawn()[1]?.Timestamp).toBe('2031-01-31T12:00:01.000Z');
    await world.stop();
  });

  it('has no time with a year of five digits', async () => {
    const world = await open(new MemoryStore());
    const { sandbox } = world.service;
    const last = '9998-12-31T23:59:59.999Z';
    expect(sandbox?.setTime('9999-01-01T00:00:00.000Z')).toEqual({ why: expect.stringContaining(last) });
    expect(sandbox?.setTime(last)).toEqual({ timestamp: last });
    expect(sandbox?.increaseTime(1)).toEqual({ why: expect.stringContaining(last) });
    await world.stop();
  });

  it('has its faucet send tokens to anybody', async () => {
    const world = await open(new MemoryStore());
    const key = '5'.repeat(64);
    expect(world.service.sandbox?.give(key, 77n)).toMatchObject({ kind: 'sent' });
    await world.clock.pass(intervalMs);
    expect(world.ledger?.accountOf(key)).toMatchObject({ balance: 77n });
    const all = world.ledger?.accountOf(firstKey(world) ?? '')?.balance ?? 0n;
    expect(world.service.sandbox?.give(key, all + 1n)).toMatchObject({ kind: 'refused' });
    await world.stop();
  });

  it.each(['lottery', 'instant', 'work'] as const)(
    'is set back to a snapshot with its chain, its accounts and what waited, as often as one likes: %s',
    async (kind) => {
      const store = new MemoryStore();
      const blockMs = 5000;
      const kindOptions = {
        lottery: {},
        instant: { consensus: 'instant' as const },
        work: { work: { difficulty: 20n, intervalMs: 100, noncesPerMs: 8 } },
      };
      const world = await open(store, kindOptions[kind]);
      const { sandbox } = world.service;
      if (sandbox === undefined || world.ledger === undefined) throw new Error('this is a sandbox');
      const { ledger } = world;
      const [one, other] = ['5'.repeat(64), '6'.repeat(64)];
      sandbox.give(one, 7n);
      await world.clock.pass(blockMs);
      const height = store.height;
      const [root, accounts] = [ledger.supply, ledger.accountCount];
      expect(ledger.accountOf(one)).toMatchObject({ balance: 7n });
      const snapshot = sandbox.snapshot();
      for (const _ of [1, 2]) {
        sandbox.give(one, 1n);
        sandbox.give(other, 2n);
        const [{ id } = { id: '' }] = ledger.waiting();
        await world.clock.pass(blockMs);
        expect(store.height).toBeGreaterThan(height);
        expect(ledger.accountOf(other)).toMatchObject({ balance: 2n });
        sandbox.give(other, 3n);
        const reverted = sandbox.revert(snapshot);
        await world.clock.pass(0);
        expect(await reverted).toEqual({ index: height });
        expect([store.height, ledger.supply, ledger.accountCount, ledger.waiting().length]).toEqual([
          height,
          root,
          accounts,
          0,
        ]);
        expect(ledger.accountOf(one)).toMatchObject({ balance: 7n });
        expect(ledger.accountOf(other)).toBeUndefined();
        expect(await ledger.statusOf(id)).toEqual({ kind: 'unknown' });
        await world.clock.pass(blockMs);
        expect(store.height).toBe(height);
      }
      await world.stop();
      const again = await open(store, { seed: 2, ...kindOptions[kind] });
      expect(again.ledger?.supply).toBe(root);
      await again.stop();
    },
  );

  it('has what waited at a snapshot wait again, and people whose wallets came later get their grant again', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const { sandbox } = world.service;
    if (sandbox === undefined) throw new Error('this is a sandbox');
    const one = world.connect();
    one.type('100\n');
    await world.clock.pass(0);
    expect(world.ledger?.waiting()).toHaveLength(2);
    const snapshot = sandbox.snapshot();
    const other = world.connect();
    other.type('100\n72\n');
    await world.clock.pass(intervalMs);
    expect(store.height).toBe(1);
    const reverted = sandbox.revert(snapshot);
    await world.clock.pass(0);
    expect(await reverted).toEqual({ index: 0 });
    expect(one.seen).toContain('\nThis sandbox was set back: block 1 never was.\n');
    expect(world.ledger?.waiting()).toHaveLength(2);
    const before = other.seen.length;
    other.type('balance\n');
    await world.clock.pass(intervalMs);
    other.type('balance\n');
    await world.clock.pass(0);
    expect(other.seen.slice(before)).toContain('Balance 1000, bonded 0.');
    expect(world.ledger?.accountOf(/You are validator ([0-9a-f]{64})/.exec(one.seen)?.[1] ?? '')).toMatchObject({
      bonded: 100n,
    });
    await world.stop();
  });

  it('draws a round that ended while it was set back, behind the block where it is then', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const { sandbox } = world.service;
    if (sandbox === undefined) throw new Error('this is a sandbox');
    const person = world.connect();
    person.type('100\n');
    await world.clock.pass(intervalMs);
    const snapshot = sandbox.snapshot();
    for (let block = 2; block <= 7; block++) {
      person.type('72\n');
      await world.clock.pass(intervalMs);
    }
    expect(store.height).toBe(7);
    person.type('73\n');
    const reverted = sandbox.revert(snapshot);
    await world.clock.pass(intervalMs);
    expect(await reverted).toEqual({ index: 1 });
    expect(world.drawn().at(-1)).toMatchObject({ Index: 2, BPM: 73 });
    await world.stop();
  });

  it('says which snapshots there are for another one, and forgets those behind the one that it was set back to', async () => {
    const world = await open(new MemoryStore());
    const { sandbox } = world.service;
    if (sandbox === undefined) throw new Error('this is a sandbox');
    expect(await sandbox.revert(1)).toEqual({ why: 'there is no snapshot 1: take one with snapshot' });
    expect([sandbox.snapshot(), sandbox.snapshot()]).toEqual([1, 2]);
    const reverted = sandbox.revert(1);
    await world.clock.pass(0);
    expect(await reverted).toEqual({ index: 0 });
    expect(await sandbox.revert(2)).toEqual({ why: 'there is no snapshot 2: there are 1' });
    await world.stop();
  });

  it('is no chain without the mark, also where somebody sends tokens to the key that it is made of', async () => {
    const store = new MemoryStore();
    const world = await open(store, { ledger: { reward: 50n, grant: 1000n } });
    const person = world.connect();
    person.type('100\n');
    expect(person.seen).not.toContain('sandbox');
    expect(world.service.status().isSandbox).toBe(false);
    expect(world.service.sandbox).toBeUndefined();
    await world.stop();
    const mark = Buffer.from('sortition sandbox, without value').toString('hex');
    const faucet = ['1'.repeat(64), '5', '1'] as const;
    expect(isSandbox(undefined)).toBe(false);
    expect(isSandbox({ Accounts: [faucet] })).toBe(false);
    expect(isSandbox({ Accounts: [[mark, '0', '0'], faucet] })).toBe(false);
    expect(isSandbox({ Accounts: [faucet, [mark, '0', '0']] })).toBe(true);
  });
});
