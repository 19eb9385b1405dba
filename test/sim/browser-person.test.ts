import { describe, expect, it } from 'vitest';
import { limits as httpLimits } from '../../src/http/limits.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { limits } from '../../src/tcp/limits.ts';
import type { BrowserPerson } from './browser-person.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { World } from './world.ts';

async function open(): Promise<{ readonly world: World; readonly person: BrowserPerson }> {
  const world = await World.open({
    seed: 1,
    clock: new SimulatedClock(),
    store: new MemoryStore(),
    intervalMs: 30_000,
    broadcastIntervalMs: 3_600_000,
    linksPerChain: 8,
    stakeMax: 1000n,
    slashAfter: 1,
    linesPerSecond: 100,
  });
  const person = world.connectBrowser();
  await world.clock.pass(0);
  person.type('100\n');
  await world.clock.pass(0);
  return { world, person };
}

describe('a hostile person in a browser', () => {
  it('who reads nothing is disconnected when as much waits as may wait at nc', async () => {
    const { world, person } = await open();
    person.browser.isReading = false;
    const words = 'a'.repeat(1000);
    const most = (limits.pendingBytesMax + httpLimits.playHighWaterBytes) / words.length;
    let told = 0;
    for (; person.connection.waitingBytes <= limits.pendingBytesMax - 2 * words.length; told++) {
      person.connection.tell(words);
      await world.clock.pass(0);
      expect(told).toBeLessThan(most);
    }
    expect(person.closeReason).toBeUndefined();
    for (let more = 0; more < 4; more++) person.connection.tell(words);
    await world.clock.pass(limits.lingerMs);
    expect(person.closeReason).toBe('slow-reader');
    await world.stop();
  });

  it('who sends lines without a break is read as slowly as at nc, and loses nothing', async () => {
    const { world, person } = await open();
    const empty = 30_000;
    person.type('\n'.repeat(empty));
    expect(person.browser.isPaused).toBe(true);
    await world.clock.pass((empty / 100) * 1000);
    expect(person.browser.messages.filter((message) => message === 'Enter a new BPM:').length).toBe(empty + 1);
    expect(person.browser.isPaused).toBe(false);
    await world.stop();
  });
});
