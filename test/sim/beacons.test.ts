import { describe, expect, it } from 'vitest';
import { cases } from '../effort.ts';
import { simulateBeacons } from './beacon-run.ts';
import { planOf } from './faults.ts';

const seeds = Array.from({ length: cases(3) }, (_, index) => index + 1);
const steps = 30;

describe('a whole server whose draws wait for beacons, from one seed', () => {
  it.each(seeds)('draws every sealed pool as it was sealed, and once, with seed %i', async (seed) => {
    const { broken, blocks } = await simulateBeacons(planOf(seed, steps));
    expect(broken).toEqual([]);
    expect(blocks).toBeGreaterThan(0);
  });

  it('runs the same way twice', async () => {
    const [first, second] = [await simulateBeacons(planOf(3, 15)), await simulateBeacons(planOf(3, 15))];
    expect(second).toEqual(first);
  });
});
