import { describe, expect, it } from 'vitest';
import type { StoredBlock } from '../../../src/consensus/engine.ts';
import { limits as instantLimits } from '../../../src/consensus/instant/limits.ts';
import { limits } from '../../../src/consensus/limits.ts';
import { MemoryStore } from '../../../src/storage/memory-store.ts';
import { SimulatedClock } from '../../sim/simulated-clock.ts';
import { World } from '../../sim/world.ts';
import { describesAnEngine } from '../engine-contract.ts';

/** A memory store that counts its writes. */
class CountingStore extends MemoryStore {
  /** How many blocks each write had. */
  readonly groups: number[] = [];

  override async append(...stored: readonly StoredBlock[]): Promise<void> {
    this.groups.push(stored.length);
    await super.append(...stored);
  }
}

async function open(store = new MemoryStore()): Promise<World> {
  return World.open({
    seed: 1,
    clock: new SimulatedClock(),
    store,
    consensus: 'instant',
    intervalMs: 1000,
    broadcastIntervalMs: 60_000,
    linksPerChain: 4,
    stakeMax: 1000n,
    slashAfter: 1,
    linesPerSecond: 0,
  });
}

/** Somebody who has come, and needs no stake. */
function newcomer({ service }: World): string {
  const address = service.enter?.();
  if (address === undefined) throw new Error('an instant chain lets everybody in');
  return address;
}

describe('the engine of an instant chain', () => {
  describesAnEngine('instant');

  it('makes a block of each BPM in the order of acceptance, with one write for all that come together', async () => {
    const store = new CountingStore();
    const world = await open(store);
    const writers = Array.from({ length: 1500 }, () => newcomer(world));
    const sealed = writers.map((address, place) => {
      const proposal = world.service.propose(address, place);
      if (proposal.kind !== 'sealing') throw new Error(`writer ${place} was answered ${proposal.kind}`);
      return proposal.sealed;
    });
    await world.clock.pass(0);
    for (const [place, promise] of sealed.entries()) {
      expect((await promise).block).toMatchObject({ Index: place + 1, BPM: place, Validator: writers[place] });
    }
    expect(world.committed().map(({ BPM }) => BPM)).toEqual(writers.map((_, place) => place));
    const full = Array<number>(1500 / instantLimits.groupBlocksMax).fill(instantLimits.groupBlocksMax);
    expect(store.groups).toEqual([1, ...full]);
    await world.stop();
  });

  it('has room for so many BPMs that wait, refuses one more at no cost, and makes blocks of all of them before it ends', async () => {
    const world = await open();
    const address = newcomer(world);
    const kinds = Array.from({ length: limits.queueLengthMax + 1 }, () => world.service.propose(address, 72).kind);
    expect(kinds.slice(0, -1).every((kind) => kind === 'sealing')).toBe(true);
    expect(kinds.at(-1)).toBe('full');
    await world.stop();
    expect(world.service.status().height).toBe(limits.queueLengthMax);
    expect(world.faults).toEqual([]);
  });

  it('takes no BPM while it is paused', async () => {
    const world = await open();
    const address = newcomer(world);
    world.service.pause();
    expect(world.service.propose(address, 72)).toEqual({ kind: 'paused' });
    world.service.resume();
    expect(world.service.propose(address, 72).kind).toBe('sealing');
    await world.stop();
    expect(world.service.status().height).toBe(1);
  });
});
