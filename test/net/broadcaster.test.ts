import { expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { World } from '../sim/world.ts';

it('gives up those who are furthest behind when more waits for all together than there is room for', async () => {
  const world = await World.open({
    seed: 1,
    clock: new SimulatedClock(),
    store: new MemoryStore(),
    intervalMs: 1000,
    broadcastIntervalMs: 1_000_000_000,
    linksPerChain: 4096,
    stakeMax: 1000n,
    slashAfter: 1,
    linesPerSecond: 0,
  });
  const witness = world.connect();
  witness.type('10\n');
  const deafest = world.connect();
  // As much as one connection may leave waiting, 256 KiB, is less than a 64th of what all may.
  const people = Array.from({ length: 99 }, () => world.connect());
  for (const { wire } of [deafest, ...people]) wire.isReading = false;
  for (const [place, person] of people.entries()) {
    if (place % 2 === 0) person.connection.tell('.'.repeat(1000));
  }
  deafest.connection.tell('.'.repeat(2000));
  const waiting = (): number => [deafest, ...people].reduce((sum, { connection }) => sum + connection.waitingBytes, 0);
  while (!deafest.wire.hasEnded) {
    expect(waiting()).toBeLessThanOrEqual(limits.pendingBytesOfAllMax);
    witness.type('72\n');
    await world.clock.pass(1000);
  }
  // Half of the room is free again, at the cost of those who were most behind.
  expect(waiting()).toBeLessThanOrEqual(limits.pendingBytesOfAllMax / 2);
  const cut = people.map(({ wire }) => wire.hasEnded);
  expect(cut.filter((hasEnded, place) => place % 2 === 0 && !hasEnded)).toEqual([]);
  expect(cut.filter((hasEnded) => !hasEnded).length).toBeGreaterThan(40);
  expect(witness.seen.match(/winning validator: /g)?.length).toBe(world.drawn().length);
});
