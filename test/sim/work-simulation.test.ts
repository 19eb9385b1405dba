import { describe, expect, it } from 'vitest';
import { cases } from '../effort.ts';
import { planOf } from './faults.ts';
import { simulateWork } from './work-run.ts';

const only = process.env['SIM_SEED'];
const seeds = only === undefined ? Array.from({ length: cases(10) }, (_, index) => index + 1) : [Number(only)];
const steps = 30;

describe('a whole chain of work from one seed', () => {
  it.each(seeds)('keeps every promise with SIM_SEED=%i', async (seed) => {
    const { broken, blocks } = await simulateWork(planOf(seed, steps));
    expect(broken).toEqual([]);
    expect(blocks).toBeGreaterThan(0);
  });

  it('runs the same way twice', async () => {
    const [first, second] = [await simulateWork(planOf(5, steps)), await simulateWork(planOf(5, steps))];
    expect(second).toEqual(first);
  });
});
