import { describe, expect, it } from 'vitest';
import { cases } from '../effort.ts';
import { planOf } from './faults.ts';
import { foundSeeds } from './found-seeds.ts';
import { simulate } from './run.ts';

const only = process.env['SIM_SEED'];
const seeds = only === undefined ? Array.from({ length: cases(12) }, (_, index) => index + 1) : [Number(only)];
/** Of every kind, with a ledger whatever their plan says. */
const ledgerSeeds = seeds.slice(0, cases(5));

describe('a whole server from one seed', () => {
  it.each(seeds)('keeps every promise with SIM_SEED=%i', async (seed) => {
    const { broken } = await simulate(planOf(seed));
    expect(broken).toEqual([]);
  });

  it.each(foundSeeds)('keeps every promise with SIM_SEED=$seed, which once broke one', async (found) => {
    expect((await simulate({ ...planOf(found.seed), ...found })).broken).toEqual([]);
  });

  it.each(ledgerSeeds)('keeps every promise of a ledger with SIM_SEED=%i', async (seed) => {
    const { broken, transactions } = await simulate({ ...planOf(seed), hasLedger: true });
    expect(broken).toEqual([]);
    expect(transactions).toBeGreaterThan(10);
  });

  it('runs the same way twice', async () => {
    const run = (seed: number) => simulate(planOf(seed));
    for (const [seed, kind, hasLedger] of [
      [11, 'lottery', false],
      [7, 'instant', false],
      [5, 'work', false],
      [18, 'instant', true],
    ] as const) {
      expect(planOf(seed)).toMatchObject({ kind, hasLedger });
      const [first, second, other] = [await run(seed), await run(seed), await run(seed + 1)];
      expect(second).toEqual(first);
      expect(other.digest).not.toBe(first.digest);
    }
  });

  it('is of every kind', () => {
    const plans = Array.from({ length: 60 }, (_, seed) => planOf(seed + 1));
    expect(new Set(plans.map(({ kind, hasLedger }) => `${kind} ${hasLedger}`)).size).toBe(6);
  });
});
