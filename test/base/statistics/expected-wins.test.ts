import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bandDeviations,
  decimalShareOf,
  ExpectedWins,
  isInBand,
  shareOf,
  winsDeviation,
} from '../../../src/base/statistics/expected-wins.ts';

describe('the deviation of wins', () => {
  it('is binomial without a reward', () => {
    expect(winsDeviation(0.5, 100, Infinity)).toBe(5);
  });

  it('is that of Pólya’s urn with one: two tokens, reward 1, every number of wins equally likely', () => {
    // Uniform on 0 … n: variance ((n + 1)² - 1) / 12.
    expect(winsDeviation(0.5, 100, 2) ** 2).toBeCloseTo((101 ** 2 - 1) / 12, 8);
  });
});

describe('a share', () => {
  it('is the quotient where both are small, also where it is tiny', () => {
    expect(shareOf(1n, 3n)).toBe(1 / 3);
    expect(shareOf(0n, 7n)).toBe(0);
    expect(shareOf(7n, 7n)).toBe(1);
    expect(shareOf(1n, 2n ** 100n)).toBe(2 ** -100);
  });

  it('keeps its first 15 digits where both are larger than a number can count', () => {
    const amount = fc.bigInt({ min: 1n, max: 2n ** 255n });
    fc.assert(
      fc.property(amount, amount, (one, other) => {
        const [part, whole] = one < other ? [one, other] : [other, one];
        const scale = 10n ** 200n;
        const exact = Number((part * scale) / whole) / 1e200;
        expect(Math.abs(shareOf(part, whole) - exact)).toBeLessThanOrEqual(exact * 1e-15);
      }),
    );
  });
});

describe('a share for tables', () => {
  it('is cut to its decimals, and never rounded up', () => {
    expect(decimalShareOf(2n, 3n, 4)).toBe(0.6666);
    expect(decimalShareOf(3n, 10n, 15)).toBe(0.3);
    expect(decimalShareOf(1n, 100_001n, 5)).toBe(0);
    expect(decimalShareOf(1n, 100_000n, 5)).toBe(0.00001);
    expect(decimalShareOf(2n ** 250n, 2n ** 250n, 15)).toBe(1);
  });
});

describe('the expected wins', () => {
  it('are none before the first draw', () => {
    const { mean, deviation } = new ExpectedWins();
    expect([mean, deviation]).toEqual([0, 0]);
  });

  it('are those of equal rounds when every draw has the same share', () => {
    const shares = fc.integer({ min: 0, max: 100 }).map((part) => part / 100);
    fc.assert(
      fc.property(shares, fc.integer({ min: 1, max: 200 }), (share, rounds) => {
        const expected = new ExpectedWins();
        for (let round = 0; round < rounds; round++) expected.add(share);
        expect(expected.mean).toBeCloseTo(rounds * share, 8);
        expect(expected.deviation).toBeCloseTo(winsDeviation(share, rounds, Number.POSITIVE_INFINITY), 8);
      }),
    );
  });
});

describe('the band of fair results', () => {
  it('holds what is as many deviations away as it is wide, on both sides, and nothing further away', () => {
    for (const side of [-1, 1]) {
      expect(isInBand(100 + side * 10 * bandDeviations, 100, 10)).toBe(true);
      expect(isInBand(100 + side * (10 * bandDeviations + 0.001), 100, 10)).toBe(false);
    }
  });

  it('holds the expected wins where chance lets nothing else happen', () => {
    expect(isInBand(5, 5, 0)).toBe(true);
    expect(isInBand(4, 5, 0)).toBe(false);
  });
});
