import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../../src/base/run-to-end.ts';
import { leastPValue, type WinDistribution, winDistribution } from '../../../src/base/statistics/win-distribution.ts';
import { Dice } from '../../sim/dice.ts';

function chance(shares: readonly number[], wins: number): WinDistribution {
  return runToEnd(winDistribution(shares, wins));
}

function alike(rounds: number, share: number): readonly number[] {
  return Array<number>(rounds).fill(share);
}

/** P(wins <= count) where all shares are alike, by sums of logarithms. */
function binomialAtMost(rounds: number, share: number, count: number): number {
  let logarithm = rounds * Math.log1p(-share);
  let sum = Math.exp(logarithm);
  for (let wins = 0; wins < count; wins++) {
    logarithm += Math.log((rounds - wins) / (wins + 1)) + Math.log(share / (1 - share));
    sum += Math.exp(logarithm);
  }
  return sum;
}

describe('what chance allows', () => {
  it('is the binomial distribution where all shares are alike', async () => {
    const { low, high, pValue } = chance(alike(10, 0.3), 6);
    expect(pValue).toBeCloseTo(2 * (1 - binomialAtMost(10, 0.3, 5)), 10);
    expect([low, high]).toEqual([0, 6]);
  });

  it('sums what the rounds let expect where the pools changed', async () => {
    // Won with 0.5 and 0.25: none 0.375, one 0.5, two 0.125.
    expect(chance([0.5, 0.25], 2).pValue).toBeCloseTo(0.25, 12);
    expect(chance([0.5, 0.25], 0).pValue).toBeCloseTo(0.75, 12);
    expect(chance([0.5, 0.25], 1).pValue).toBe(1);
  });

  it('leaves no room to whoever is always alone, nor a win to whoever is never there', async () => {
    expect(chance([1, 1, 1], 3)).toEqual({ low: 3, high: 3, pValue: 1 });
    expect(chance(alike(500, 1), 500)).toEqual({ low: 500, high: 500, pValue: 1 });
    expect(chance(alike(500, 0), 0)).toEqual({ low: 0, high: 0, pValue: 1 });
    expect(chance([], 0)).toEqual({ low: 0, high: 0, pValue: 1 });
  });

  it.each([
    [200, 1 / 200, 7],
    [201, 1 / 200, 7],
    [300, 0.01 / 300, 1],
    [400, 1 / 100, 0],
    [400, 1 / 100, 12],
    [5000, 0.3, 1400],
    [20_000, 0.5, 10_200],
    [20_000, 0.9995, 19_999],
  ])('is exact in the tails, too: %d rounds with a share of %d, and %d wins', async (rounds, share, wins) => {
    const { low, high, pValue } = chance(alike(rounds, share), wins);
    const atMost = binomialAtMost(rounds, share, wins);
    const atLeast = 1 - (wins === 0 ? 0 : binomialAtMost(rounds, share, wins - 1));
    expect(pValue / Math.min(1, 2 * Math.min(atMost, atLeast))).toBeCloseTo(1, 4);
    expect(binomialAtMost(rounds, share, low)).toBeGreaterThan(0.025);
    if (low > 0) expect(binomialAtMost(rounds, share, low - 1)).toBeLessThanOrEqual(0.025);
    expect(1 - binomialAtMost(rounds, share, high)).toBeLessThanOrEqual(0.025);
    if (high > 0) expect(1 - binomialAtMost(rounds, share, high - 1)).toBeGreaterThan(0.025);
  });

  it('finds no number of wins too far away to judge', async () => {
    const shares = alike(20_000, 0.5);
    for (const wins of [0, 20_000]) expect(chance(shares, wins).pValue).toBeLessThan(1e-20);
    expect(chance(alike(60, 0.01), 60).pValue).toBeLessThan(1e-20);
  });

  it('calls wins outside of the band unlikely, and never those inside of it', async () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(shares, fc.nat(300), async (rounds, some) => {
        const wins = Math.min(some, rounds.length);
        const { low, high, pValue } = chance(rounds, wins);
        expect(low).toBeLessThanOrEqual(high);
        expect(high).toBeLessThanOrEqual(rounds.length);
        if (wins < low || wins > high) expect(pValue).toBeLessThanOrEqual(0.0501);
        else expect(pValue).toBeGreaterThan(0.0499);
      }),
    );
  });

  it.each([
    ['a whale and twenty of one token', [10_000, ...alike(20, 1)], 250],
    ['two hundred alike', alike(200, 1), 220],
    ['fifty, each larger than the last', Array.from({ length: 50 }, (_, place) => place + 1), 300],
  ])('accuses an honest lottery as seldom as it says: %s', async (_, stakes, rounds) => {
    const dice = new Dice(6);
    // In every other round the largest sits out, so that the pools differ.
    const pools = [stakes, stakes.map((stake) => (stake === Math.max(...stakes) ? 0 : stake))];
    const totals = pools.map((pool) => pool.reduce((total, stake) => total + stake, 0));
    const sharesOf = (person: number): readonly number[] =>
      Array.from({ length: rounds }, (_, round) => (pools[round % 2]?.[person] ?? 0) / (totals[round % 2] ?? 0));
    const known = new Map<string, number>();
    const pValueOf = async (person: number, wins: number): Promise<number> => {
      const name = `${stakes[person]} ${wins}`;
      const pValue = known.get(name) ?? chance(sharesOf(person), wins).pValue;
      known.set(name, pValue);
      return pValue;
    };
    const lotteries = 400;
    let unusual = 0;
    let accused = 0;
    for (let lottery = 0; lottery < lotteries; lottery++) {
      const wins = Array<number>(stakes.length).fill(0);
      for (let round = 0; round < rounds; round++) {
        const pool = pools[round % 2] ?? [];
        let ticket = dice.roll(totals[round % 2] ?? 0);
        const winner = pool.findIndex((stake) => {
          ticket -= stake;
          return ticket < 0;
        });
        wins[winner] = (wins[winner] ?? 0) + 1;
      }
      const pValues = await Promise.all(wins.map((count, person) => pValueOf(person, count)));
      const pValue = Math.min(...pValues) * stakes.length;
      if (pValue <= 0.05) unusual += 1;
      if (pValue <= 0.001) accused += 1;
    }
    expect(unusual / lotteries).toBeLessThanOrEqual(0.07);
    expect(accused / lotteries).toBeLessThanOrEqual(0.005);
  });
});

describe('the p-value of the least likely of several results', () => {
  it('is that of the only one', () => {
    expect(leastPValue([0.03])).toBe(0.03);
  });

  it('counts as many times as there are results, as one of many is odd by chance, and is 1 at most', () => {
    expect(leastPValue([0.5, 0.01, 1])).toBeCloseTo(0.03, 12);
    expect(leastPValue([0.4, 0.6, 1])).toBe(1);
  });

  it('is 1 where there are no results', () => {
    expect(leastPValue([])).toBe(1);
  });
});
