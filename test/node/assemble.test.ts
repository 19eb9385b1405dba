import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { World } from '../sim/world.ts';

describe('a node', () => {
  it('draws and announces though a listener throws at every event', async () => {
    const fault = new Error('a listener fails');
    const world = await World.open({
      seed: 1,
      clock: new SimulatedClock(),
      store: new MemoryStore(),
      intervalMs: 1000,
      broadcastIntervalMs: 60_000,
      linksPerChain: 4,
      stakeMax: 1000n,
      slashAfter: 1,
      linesPerSecond: 0,
      witness: () => {
        throw fault;
      },
    });
    const person = world.connect();
    person.type('10\n72\n');
    await world.clock.pass(1000);
    expect(person.seen).toContain('winning validator: ');
    expect(new Set(world.faults)).toEqual(new Set([fault]));
    await world.stop();
  });
});
