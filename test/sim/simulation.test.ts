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
    expect(new Set(seeds.map((seed) => planOf(seed, steps).kind)).size).toBe(only === undefined ? 2 : 1);
    const [first, second, other] = [await run(5), await run(5), await run(6)];
    expect(second).toEqual(first);
    expect(other.digest).not.toBe(first.digest);
  });
});
