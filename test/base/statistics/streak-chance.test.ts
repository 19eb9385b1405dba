import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streakChance } from '../../../src/base/statistics/streak-chance.ts';

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
