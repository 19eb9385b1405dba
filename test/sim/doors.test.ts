import { describe, expect, it } from 'vitest';
import { cases } from '../effort.ts';
import { simulateDoors } from './door-run.ts';
import { planOf } from './faults.ts';

const seeds = Array.from({ length: cases(12) }, (_, index) => index + 1);

describe('several doors of one lottery, over a log with faults, from one seed', () => {
  it.each(seeds)('tell the same blocks of the same pools, and lose no candidate, with seed %i', async (seed) => {
    const { broken, trace } = await simulateDoors(planOf(seed, 'doors'));
    expect(broken, trace.slice(-30).join('\n')).toEqual([]);
  });

  it('run the same way twice', async () => {
    const [first, second] = [await simulateDoors(planOf(2, 'doors')), await simulateDoors(planOf(2, 'doors'))];
    expect(second.trace).toEqual(first.trace);
  });
});
