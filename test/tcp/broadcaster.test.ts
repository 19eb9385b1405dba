import { expect, it } from 'vitest';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { limits } from '../../src/tcp/limits.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { World } from '../sim/world.ts';

it('gives up those who are furthest behind when more waits for all together than there is room for', async () => {
  const world = await World.open({
    seed: 1,
    clock: new SimulatedClock(),
    store: new MemoryStore(),
    intervalMs: 1000,
    broadcastIntervalMs: 1_000_000,
    linksPerChain: 64,
    stakeMax: 1000n,
    slashAfter: 1,
    linesPerSecond: 0,
  });
  const witness = world.connect();
  const deafPeople = Array.from({ length: 100 }, () => world.connect());
  for (const [place, { socket, connection }] of deafPeople.entries()) {
    socket.isReading = false;
    connection.tell('.'.repeat(place < 50 ? 150_000 : 160_000));
  }
  const waiting = (): number => deafPeople.reduce((sum, { connection }) => sum + connection.waitingBytes, 0);
  witness.type('10\n72\n');
  await world.clock.pass(1000);
  expect(waiting()).toBeLessThan(limits.pendingBytesOfAllMax);
  expect(deafPeople.some(({ socket }) => socket.hasEnded)).toBe(false);

  for (const { connection } of deafPeople) connection.tell('.'.repeat(20_000));
  witness.type('72\n');
  await world.clock.pass(1000);
  // Half of the room is free again, and those who were most behind have paid for it.
  expect(waiting()).toBeLessThanOrEqual(limits.pendingBytesOfAllMax / 2);
  const given = deafPeople.map(({ socket }) => socket.hasEnded);
  expect(given.slice(50).every((isGiven) => isGiven)).toBe(true);
  expect(given.slice(0, 50).some((isGiven) => !isGiven)).toBe(true);
  expect(witness.seen.match(/winning validator: /g)).toHaveLength(2);
});
