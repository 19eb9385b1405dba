import { describe, expect, it } from 'vitest';
import { cases } from '../effort.ts';
import { planOf } from './faults.ts';
import { simulate } from './run.ts';

const seeds = Array.from({ length: cases(3) }, (_, place) => place + 1);

describe('a network of nodes from one seed', () => {
  it.each(seeds)('agrees after it has healed, and loses nothing that was accepted, with seed %i', async (seed) => {
    const { broken, blocks } = await simulate(planOf(seed, 'network', 25));
    expect(broken).toEqual([]);
    expect(blocks).toBeGreaterThan(0);
  });

  it('runs the same way twice', async () => {
    const [first, second] = [await simulate(planOf(5, 'network', 15)), await simulate(planOf(5, 'network', 15))];
    expect(second).toEqual(first);
  });

  it('is of every kind', () => {
    const plans = Array.from({ length: 60 }, (_, seed) => planOf(seed + 1, 'network'));
    expect(new Set(plans.map(({ kind, hasLedger }) => `${kind} ${hasLedger}`)).size).toBe(6);
  });
});
