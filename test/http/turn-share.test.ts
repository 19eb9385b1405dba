import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { TurnShare } from '../../src/http/turn-share.ts';

describe('the share of a turn', () => {
  it('is so many pieces of work, in the order in which they were asked for, however many wait', async () => {
    let turns = 0;
    const share = new TurnShare(async () => {
      await turn();
      turns += 1;
    }, 4);
    const done: (readonly [number, number])[] = [];
    await Promise.all(
      Array.from({ length: 14 }, async (_, number) => {
        await share.next();
        done.push([number, turns]);
      }),
    );
    expect(done).toEqual(Array.from({ length: 14 }, (_, number) => [number, Math.floor(number / 4)]));
  });

  it('is there again for a piece that comes after quiet turns, at once', async () => {
    let turns = 0;
    const share = new TurnShare(async () => {
      await turn();
      turns += 1;
    }, 1);
    await share.next();
    while (turns < 1) await turn();
    await turn();
    await share.next();
    // It did not ask for a turn of its own again before this one was given.
    expect(turns).toBe(1);
  });
});
