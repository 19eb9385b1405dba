import { describe, expect, it } from 'vitest';
import { inTurns, runToEnd } from '../../src/base/run-to-end.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';

function* steps(count: number, seen: string[] = [], name = 'step'): Generator<void, number> {
  for (let step = 1; step <= count; step++) {
    seen.push(`${name} ${step}`);
    yield;
  }
  return count;
}

describe('a computation in turns', () => {
  it('lets others have a turn after each step at which the clock says that theirs is due, and after no other', async () => {
    const seen: string[] = [];
    const answers = [false, true, false, true, true, false];
    const turns = {
      isTurnOver: () => answers.shift() ?? false,
      yieldToEventLoop: async () => {
        seen.push('turn');
      },
    };
    expect(await inTurns(turns, steps(6, seen))).toBe(6);
    expect(seen).toEqual(['step 1', 'step 2', 'turn', 'step 3', 'step 4', 'turn', 'step 5', 'turn', 'step 6']);
  });

  it('comes to what it comes to without a pause', async () => {
    const turns = { isTurnOver: () => true, yieldToEventLoop: () => Promise.resolve() };
    for (const count of [0, 1, 10]) expect(await inTurns(turns, steps(count))).toBe(runToEnd(steps(count)));
  });

  it('takes the same turns in every run of a simulation', async () => {
    async function run(): Promise<readonly string[]> {
      const clock = new SimulatedClock();
      const seen: string[] = [];
      const both = Promise.all([inTurns(clock, steps(2500, seen, 'one')), inTurns(clock, steps(1500, seen, 'other'))]);
      await clock.pass(1);
      await both;
      return seen;
    }
    const seen = await run();
    expect(seen.indexOf('other 1')).toBeLessThan(seen.indexOf('one 2500'));
    expect(seen.indexOf('one 2500')).toBeGreaterThan(-1);
    expect(await run()).toEqual(seen);
  });
});
