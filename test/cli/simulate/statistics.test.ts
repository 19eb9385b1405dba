import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquareTail, chiSquareTest, streakChance, winsDeviation } from '../../../src/cli/simulate/statistics.ts';

/** Every sequence of winners with its chance: the long way to the chance of a streak. */
function countedStreakChance(shares: readonly number[], rounds: number, length: number): number {
  const walk = (left: number, last: number, run: number): number => {
    if (run >= length) return 1;
    if (left === 0) return 0;
    return shares.reduce(
      (total, share, place) => total + share * walk(left - 1, place, place === last ? run + 1 : 1),
      0,
    );
  };
  return walk(rounds, -1, 0);
}

describe('the tail of the chi-square distribution', () => {
  // Closed forms: with 2 degrees of freedom exp(-x / 2); with 4 exp(-x / 2) (1 + x / 2). Others: tables of any textbook.
  it.each([
    [3.841458820694124, 1, 0.05],
    [6.634896601021214, 1, 0.01],
    [5.991464547107979, 2, 0.05],
    [18.307038053275146, 10, 0.05],
    [124.34211340400407, 100, 0.05],
    [2 * Math.log(10), 2, 0.1],
    [6, 4, Math.exp(-3) * 4],
    [0, 3, 1],
  ])('has %d with %d degrees of freedom at %d', (value, degrees, chance) => {
    expect(chiSquareTail(value, degrees)).toBeCloseTo(chance, 10);
  });

  it('is about a half at the middle of many degrees of freedom', () => {
    expect(chiSquareTail(100_000 * (1 - 2 / 900_000) ** 3, 100_000)).toBeCloseTo(0.5, 4);
  });

  it('falls as the value grows', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 200, noNaN: true }), fc.integer({ min: 1, max: 200 }), (value, degrees) => {
        const chance = chiSquareTail(value, degrees);
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(1);
        expect(chiSquareTail(value + 1, degrees)).toBeLessThanOrEqual(chance + 1e-12);
      }),
    );
  });
});

describe('the chi-square test', () => {
  it('finds the textbook die fair enough', () => {
    const test = chiSquareTest([5, 8, 9, 8, 10, 20], [10, 10, 10, 10, 10, 10]);
    expect(test?.value).toBeCloseTo(13.4, 10);
    expect(test?.degrees).toBe(5);
    expect(test?.chance).toBeCloseTo(0.0199, 4);
  });

  it('puts cells below 5 together', () => {
    expect(chiSquareTest([90, 4, 6], [90, 4, 6])?.degrees).toBe(1);
    expect(chiSquareTest([90, 3, 3, 4], [90, 3, 3, 4])?.degrees).toBe(1);
  });

  it('keeps many small cells apart as far as they can be tested', () => {
    const many = new Array<number>(1000).fill(1);
    expect(chiSquareTest(many, many)?.degrees).toBe(199);
  });

  it('puts a cell below 5 to the next larger one', () => {
    expect(chiSquareTest([90, 10, 4], [90, 12, 2])?.value).toBe(0);
    expect(chiSquareTest([90, 10, 4], [90, 12, 2])?.degrees).toBe(1);
  });

  it('says nothing when two cells are not left', () => {
    expect(chiSquareTest([100], [100])).toBeUndefined();
    expect(chiSquareTest([4, 4], [4, 4])).toBeUndefined();
    expect(chiSquareTest([99, 1], [99, 1])).toBeUndefined();
  });
});

describe('the chance of a streak', () => {
  it('is that of counting every sequence', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 9 }), (stakes, rounds, length) => {
        const total = stakes.reduce((a, b) => a + b, 0);
        const shares = stakes.map((stake) => stake / total);
        expect(streakChance(shares, rounds, length)).toBeCloseTo(countedStreakChance(shares, rounds, length), 10);
      }),
    );
  });

  it('is that of the textbook coin: seven heads or tails in a row in 100 throws', () => {
    // Heads alone: 0.3175 (Feller XIII.7); of either, a streak of 7 is a streak of 6 repeats in 99 comparisons: 0.5423.
    expect(streakChance([0.5, 0.5], 100, 7)).toBeCloseTo(0.5423, 4);
  });

  it('agrees with itself whether it goes to the end step by step or at once', () => {
    const atOnce = streakChance([0.5, 0.3, 0.2], 1_000_000_000, 30);
    const factor = (1 - streakChance([0.5, 0.3, 0.2], 2000, 30)) / (1 - streakChance([0.5, 0.3, 0.2], 1000, 30));
    expect(atOnce).toBeCloseTo(1 - factor ** 1_000_000, 3);
  });

  it('is certain for one validator alone and none for a streak longer than the rounds', () => {
    expect(streakChance([1], 1000, 1000)).toBe(1);
    expect(streakChance([0.5, 0.5], 10, 11)).toBe(0);
  });

  it('does not take long for many validators', () => {
    expect(streakChance(new Array<number>(100_000).fill(1e-5), 100_000_000, 3)).toBeGreaterThan(0.009);
  });
});

describe('the deviation of wins', () => {
  it('is binomial without a reward', () => {
    expect(winsDeviation(0.5, 100, Infinity)).toBe(5);
  });

  it('is that of Pólya’s urn with one: two tokens, reward 1, every number of wins equally likely', () => {
    // Uniform on 0 … n: variance ((n + 1)² - 1) / 12.
    expect(winsDeviation(0.5, 100, 2) ** 2).toBeCloseTo((101 ** 2 - 1) / 12, 8);
  });
});
