import { describe, expect, it } from 'vitest';
import { cases } from '../effort.ts';
import { planOf } from './faults.ts';
import { foundSeeds } from './found-seeds.ts';
import { simulate } from './run.ts';

const only = process.env['SIM_SEED'];
const seeds = only === undefined ? Array.from({ length: cases(20) }, (_, index) => index + 1) : [Number(only)];
const steps = 80;

describe('a whole server from one seed', () => {
  it.each(seeds)('keeps every promise with SIM_SEED=%i', async (seed) => {
    const { broken } = await simulate(planOf(seed, steps));
    expect(broken).toEqual([]);
  });

  it.each(foundSeeds)('keeps every promise with SIM_SEED=$seed, which once broke one', async ({ seed, steps }) => {
    expect((await simulate({ ...planOf(seed, steps), kind: 'lottery' })).broken).toEqual([]);
  });

  it('runs the same way twice', async () => {
    const run = (seed: number) => simulate(planOf(seed, steps));
    for (const [seed, kind] of [
      [4, 'lottery'],
      [7, 'instant'],
      [5, 'work'],
    ] as const) {
      expect(planOf(seed, steps).kind).toBe(kind);
      const [first, second, other] = [await run(seed), await run(seed), await run(seed + 1)];
      expect(second).toEqual(first);
      expect(other.digest).not.toBe(first.digest);
    }
  });

  it('is of every kind', () => {
    expect(new Set(Array.from({ length: 20 }, (_, seed) => planOf(seed + 1, steps).kind)).size).toBe(3);
  });
});
