import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { TurnThrottle } from '../../src/http/turn-throttle.ts';

describe('the throttle', () => {
  it('begins so many pieces of work in a turn, in the order of the calls, however many wait', async () => {
    let turns = 0;
    const throttle = new TurnThrottle(async () => {
      await turn();
      turns += 1;
    }, 4);
    const done: (readonly [number, number])[] = [];
    await Promise.all(
      Array.from({ length: 14 }, async (_, number) => {
        await throttle.next();
        done.push([number, turns]);
      }),
    );
    expect(done).toEqual(Array.from({ length: 14 }, (_, number) => [number, Math.floor(number / 4)]));
  });

  it('begins a piece at once that comes after quiet turns', async () => {
    let turns = 0;
    const throttle = new TurnThrottle(async () => {
      await turn();
      turns += 1;
    }, 1);
    await throttle.next();
    while (turns < 1) await turn();
    await turn();
    await throttle.next();
    // It did not ask for a turn of its own again before this one was given.
    expect(turns).toBe(1);
  });
});
