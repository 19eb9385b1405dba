import { describe, expect, it } from 'vitest';
import { Semaphore } from '../../src/http/semaphore.ts';

describe('the semaphore', () => {
  it('admits so many at a time, then those who wait, in their order, and refuses more than may wait', async () => {
    const semaphore = new Semaphore({ concurrentMax: 2, waitingMax: 2 });
    const admitted: number[] = [];
    const releases: ((() => void) | undefined)[] = [];
    const callers = Array.from({ length: 5 }, async (_, number) => {
      releases[number] = await semaphore.acquire();
      admitted.push(number);
    });
    await callers[4];
    expect(admitted).toEqual([0, 1, 4]);
    expect(releases[4]).toBeUndefined();
    releases[1]?.();
    await callers[2];
    // Who releases twice gives back one place.
    releases[1]?.();
    releases[0]?.();
    await callers[3];
    expect(admitted).toEqual([0, 1, 4, 2, 3]);
    releases[2]?.();
    releases[3]?.();
    expect(await semaphore.acquire()).toBeDefined();
    expect(await semaphore.acquire()).toBeDefined();
  });
});
