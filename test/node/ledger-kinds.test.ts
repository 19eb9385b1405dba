import { describe, expect, it } from 'vitest';
import { addressOf } from '../../src/ledger/address.ts';
import { DiskFullError } from '../../src/node/ports.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { type Person, World } from '../sim/world.ts';
import { judge, walletOf } from './ledger-people.ts';

/** Long enough for a block of each kind. */
const blockMs = 5000;

const stranger = addressOf('5'.repeat(64));

describe.each(['work', 'instant'] as const)('a chain of the kind %s with a ledger', (kind) => {
  const open = (store: MemoryStore): Promise<World> =>
    World.open({
      seed: 1,
      secretsSeed: 1,
      clock: new SimulatedClock(),
      store,
      intervalMs: 1000,
      broadcastIntervalMs: 3_600_000,
      linksPerChain: 4,
      stakeMax: 10n,
      slashAfter: 1,
      linesPerSecond: 0,
      ledger: { reward: 50n, grant: 1000n },
      ...(kind === 'work'
        ? { work: { difficulty: 20n, intervalMs: 100, noncesPerMs: 8 } }
        : { consensus: 'instant' as const }),
    });

  async function connect(world: World): Promise<Person> {
    const person = world.connect();
    await world.clock.pass(0);
    return person;
  }

  async function seesOf(world: World, person: Person, line: string, ms = blockMs): Promise<string> {
    person.unchecked();
    person.type(`${line}\n`);
    await world.clock.pass(ms);
    return person.unchecked();
  }

  it('gives everybody a wallet at once, and its tokens with the first BPM, whose block is theirs and takes them', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const person = await connect(world);
    const { key, code } = walletOf(person);
    expect(person.seen).toBe(
      `You are validator ${key} with 0 tokens.\nYour wallet ${addressOf(key)} has 1000 more. To come back: login ${code}\n\nEnter a new BPM:`,
    );
    const seen = await seesOf(world, person, '72');
    const [block, ...others] = world.committed();
    expect(seen).toContain(`Block 1 is yours: ${block?.Hash}.\n`);
    expect(seen).toMatch(/\nYou received 1000 tokens from sort1\S+ in block 1\.\n/);
    expect(block).toMatchObject({ BPM: 72, Validator: key, Ledger: { Transactions: 1 } });
    expect(others).toEqual([]);
    expect(world.ledger?.accountOf(key)).toMatchObject({ balance: 1050n, bonded: 0n, nonce: 0 });
    expect((await judge(store)).state?.root.sum).toBe(world.ledger?.supply);
    await world.stop();
    expect(world.faults).toEqual([]);
  });

  it('goes on where the disk refuses to keep a grant beside the chain', async () => {
    class RefusingStore extends MemoryStore {
      isRefusing = false;

      override async recordsSynced(): Promise<void> {
        if (this.isRefusing) throw new DiskFullError('there is no room');
      }
    }
    const store = new RefusingStore();
    const world = await open(store);
    const person = await connect(world);
    store.isRefusing = true;
    expect(await seesOf(world, person, '72')).toMatch(/You received 1000 tokens from sort1\S+ in block 1/);
    await world.stop();
    expect(world.faults).toEqual([]);
  });

  it('makes no block for people who only watch', async () => {
    const world = await open(new MemoryStore());
    for (let count = 0; count < 3; count++) (await connect(world)).closeSide();
    await world.clock.pass(blockMs);
    expect(world.committed()).toEqual([]);
    expect(world.ledger?.hasWaiting).toBe(false);
    await world.stop();
  });

  it('makes a block of its own with BPM 0 where transactions wait and nobody proposes, and no more after it', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const person = await connect(world);
    const { key } = walletOf(person);
    expect(await seesOf(world, person, 'balance')).toContain(
      'Balance 0, bonded 0: your tokens come with the next block.',
    );
    expect(await seesOf(world, person, `send ${stranger} 25 3`)).toMatch(
      /^Sending 25 tokens [\s\S]*Transaction [0-9a-f]{64} is in block 2: 25/,
    );
    expect(world.committed()).toMatchObject([
      { BPM: 0, Ledger: { Transactions: 1, Fees: '0' } },
      { BPM: 0, Ledger: { Transactions: 1, Fees: '3' } },
    ]);
    expect(world.committed().map(({ Validator }) => Validator)).not.toContain(key);
    await world.clock.pass(3 * blockMs);
    expect(world.committed()).toHaveLength(2);
    expect(world.ledger?.accountOf(key)).toMatchObject({ balance: 972n, nonce: 1 });
    await judge(store);
    await world.stop();
    expect(world.faults).toEqual([]);
  });

  it('takes no bond, and says that nothing is at stake', async () => {
    const world = await open(new MemoryStore());
    const person = await connect(world);
    await seesOf(world, person, '72');
    expect(await seesOf(world, person, 'bond 5')).toContain('Error: a bond has no meaning in this chain');
    await world.stop();
  });

  it('burns nothing where somebody proposes what is no BPM', async () => {
    const world = await open(new MemoryStore());
    const person = await connect(world);
    const { key } = walletOf(person);
    await seesOf(world, person, '72');
    expect(await seesOf(world, person, '72.5')).toContain('Slashed: "72.5" is not a BPM.');
    await world.clock.pass(blockMs);
    expect(world.committed()).toHaveLength(1);
    expect(world.ledger?.accountOf(key)).toMatchObject({ balance: 1050n });
    await world.stop();
    expect(world.faults).toEqual([]);
  });

  it('gives a wallet back for its code in place of an untouched one, and not in place of one that was used', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const first = await connect(world);
    const { key, code } = walletOf(first);
    await seesOf(world, first, '72');
    const second = await connect(world);
    expect(await seesOf(world, second, `login ${code}`)).toContain(
      `You are validator ${key} with 0 tokens.\nYour wallet ${addressOf(key)} has 1050 more.`,
    );
    expect(first.isConnected && !first.socket.hasEnded).toBe(false);
    const third = await connect(world);
    expect(await seesOf(world, third, `login ${walletOf(third).code}`)).toContain('you are logged in already');
    await seesOf(world, third, '73');
    expect(await seesOf(world, third, `login ${code}`)).toContain('you are logged in already');
    expect(world.committed()).toHaveLength(2);
    await world.stop();
    expect(world.faults).toEqual([]);
  });

  it('goes on after a restart: what waited is in a block, and no number of a wallet comes twice', async () => {
    const store = new MemoryStore();
    const world = await open(store);
    const person = await connect(world);
    const { key } = walletOf(person);
    await seesOf(world, person, '72');
    world.service.pause();
    expect(await seesOf(world, person, `send ${stranger} 25`)).toContain('Sending 25 tokens');
    expect(world.committed()).toHaveLength(1);
    await world.stop();

    const again = await open(store);
    const other = await connect(again);
    await again.clock.pass(blockMs);
    expect(again.committed()).toMatchObject([{ Index: 2, BPM: 0, Ledger: { Transactions: 1 } }]);
    expect(walletOf(other).key).not.toBe(key);
    expect(again.ledger?.accountOf(key)).toMatchObject({ balance: 1025n });
    await judge(store);
    await again.stop();
    expect(again.faults).toEqual([]);
  });
});
