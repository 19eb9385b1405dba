import { describe, expect, it } from 'vitest';
import { cases } from '../effort.ts';
import { planOf } from './faults.ts';
import { simulate } from './run.ts';

const seeds = Array.from({ length: cases(2) }, (_, index) => index + 1);

describe('a whole server whose draws wait for beacons, from one seed', () => {
  it.each(seeds)('draws every sealed pool as it was sealed, and once, with seed %i', async (seed) => {
    const { broken, blocks } = await simulate(planOf(seed, 'beacons'));
    expect(broken).toEqual([]);
    expect(blocks).toBeGreaterThan(0);
  });

  it('runs the same way twice', async () => {
    const [first, second] = [await simulate(planOf(3, 'beacons', 15)), await simulate(planOf(3, 'beacons', 15))];
    expect(second).toEqual(first);
  });
});
