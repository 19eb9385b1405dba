import { describe, expect, it } from 'vitest';
import type { AppendedBlock } from '../../src/node/ports.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { type Person, World } from '../sim/world.ts';
import { judge, walletOf } from './ledger-people.ts';

/** Holds each write back until it is let go, and counts the blocks of each. */
class HeldStore extends MemoryStore {
  readonly groups: number[] = [];
  isHeld = false;
  #release: () => void = () => undefined;

  override async append(...stored: readonly AppendedBlock[]): Promise<void> {
    this.groups.push(stored.length);
    if (this.isHeld) {
      await new Promise<void>((resolve) => {
        this.#release = resolve;
      });
    }
    await super.append(...stored);
  }

  release(): void {
    this.#release();
  }
}

async function open(store: MemoryStore): Promise<World> {
  return World.open({
    seed: 1,
    secretsSeed: 1,
    clock: new SimulatedClock(),
    store,
    consensus: 'instant',
    intervalMs: 1000,
    broadcastIntervalMs: 3_600_000,
    linksPerChain: 4,
    stakeMax: 10n,
    slashAfter: 1,
    linesPerSecond: 0,
    ledger: { reward: 50n, grant: 1000n },
  });
}

async function connect(world: World): Promise<Person> {
  const person = world.connect();
  await world.clock.pass(0);
  return person;
}

describe('an instant chain with a ledger', () => {
  it('stores those who come while the disk is busy in one write, the first with the transactions, and tells nothing of them before', async () => {
    const store = new HeldStore();
    const world = await open(store);
    const people = [await connect(world), await connect(world), await connect(world), await connect(world)];
    const keys = people.map((person) => walletOf(person).key);
    store.isHeld = true;
    for (const [place, person] of people.entries()) {
      person.type(`${70 + place}\n`);
      // The first block is on its way to the disk before the others come.
      await world.clock.pass(0);
    }
    expect(store.groups).toEqual([1, 1]);
    store.release();
    await world.clock.pass(0);
    expect(store.groups).toEqual([1, 1, 3]);
    const told = world.committed().length;
    expect(told).toBe(1);
    expect(keys.map((key) => world.ledger?.accountOf(key)?.balance)).toEqual([1050n, undefined, undefined, undefined]);
    store.release();
    await world.clock.pass(0);
    expect(world.committed().map(({ BPM, Validator }) => [BPM, Validator])).toEqual(
      keys.map((key, place) => [70 + place, key]),
    );
    expect(world.committed().map(({ Ledger }) => Ledger?.Transactions)).toEqual([1, 3, 0, 0]);
    expect(keys.map((key) => world.ledger?.accountOf(key)?.balance)).toEqual([1050n, 1050n, 1050n, 1050n]);
    expect((await judge(store)).state?.root.sum).toBe(world.ledger?.supply);
    store.isHeld = false;
    await world.stop();
    expect(world.faults).toEqual([]);
  });

  it('pays each of several blocks of one validator', async () => {
    const store = new HeldStore();
    const world = await open(store);
    const person = await connect(world);
    const { key } = walletOf(person);
    person.type('1\n2\n3\n4\n');
    await world.clock.pass(0);
    expect(world.committed().map(({ BPM }) => BPM)).toEqual([1, 2, 3, 4]);
    expect(world.ledger?.accountOf(key)?.balance).toBe(1200n);
    expect((await judge(store)).state?.accountOf(key)?.balance).toBe(1200n);
    await world.stop();
    expect(world.faults).toEqual([]);
  });
});
