import { describe, expect, it } from 'vitest';
import { simulate } from './run.ts';

const only = process.env['SIM_SEED'];
const seeds = only === undefined ? Array.from({ length: 40 }, (_, index) => index + 1) : [Number(only)];
const rounds = 25;

describe('a whole lottery from one seed', () => {
  it.each(seeds)('keeps every promise with SIM_SEED=%i', async (seed) => {
    const { broken, draws } = await simulate(seed, rounds);
    expect(broken).toEqual([]);
    expect(draws).toBeGreaterThan(0);
  });

  it('runs the same way twice', async () => {
    const [first, second, other] = [await simulate(5, rounds), await simulate(5, rounds), await simulate(6, rounds)];
    expect(second).toEqual(first);
    expect(other.digest).not.toBe(first.digest);
  });
});
