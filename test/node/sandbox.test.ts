import { describe, expect, it } from 'vitest';
import { parseExact } from '../../src/core/exact-json.ts';
import { parseGenesisBlock } from '../../src/core/parse-genesis.ts';
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

  it('is no chain without the mark, also where somebody sends tokens to the key that it is made of', async () => {
    const store = new MemoryStore();
    const world = await open(store, { ledger: { reward: 50n, grant: 1000n } });
    const person = world.connect();
    person.type('100\n');
    expect(person.seen).not.toContain('sandbox');
    expect(world.service.status().isSandbox).toBe(false);
    await world.stop();
    const mark = Buffer.from('sortition sandbox, without value').toString('hex');
    const faucet = ['1'.repeat(64), '5', '1'] as const;
    expect(isSandbox(undefined)).toBe(false);
    expect(isSandbox({ Accounts: [faucet] })).toBe(false);
    expect(isSandbox({ Accounts: [[mark, '0', '0'], faucet] })).toBe(false);
    expect(isSandbox({ Accounts: [faucet, [mark, '0', '0']] })).toBe(true);
  });
});
