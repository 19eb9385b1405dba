import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chanceOf, exactRoundsMax } from '../../src/dashboard/chance.ts';

function binomial(rounds: number, share: number, wins: number): number {
  let probability = (1 - share) ** rounds;
  for (let count = 0; count < wins; count++) probability *= ((rounds - count) / (count + 1)) * (share / (1 - share));
  return probability;
}

describe('what chance allows', () => {
  it('is the binomial distribution where all shares are alike', () => {
    const shares = Array<number>(10).fill(0.3);
    const { low, high, pValue } = chanceOf(shares, 6);
    let atLeast = 0;
    for (let wins = 6; wins <= 10; wins++) atLeast += binomial(10, 0.3, wins);
    expect(pValue).toBeCloseTo(2 * atLeast, 10);
    expect([low, high]).toEqual([0, 6]);
  });

  it('sums what the rounds let expect where the pools changed', () => {
    // Won with 0.5 and 0.25: none 0.375, one 0.5, two 0.125.
    expect(chanceOf([0.5, 0.25], 2).pValue).toBeCloseTo(0.25, 12);
    expect(chanceOf([0.5, 0.25], 0).pValue).toBeCloseTo(0.75, 12);
    expect(chanceOf([0.5, 0.25], 1).pValue).toBe(1);
  });

  it('leaves no room to whoever is always alone, nor a win to whoever is never there', () => {
    expect(chanceOf([1, 1, 1], 3)).toEqual({ low: 3, high: 3, pValue: 1 });
    expect(chanceOf(Array<number>(500).fill(1), 500)).toEqual({ low: 500, high: 500, pValue: 1 });
    expect(chanceOf([], 0)).toEqual({ low: 0, high: 0, pValue: 1 });
  });

  it('changes little where the approximation begins', () => {
    for (const share of [0.02, 0.2, 0.5, 0.9]) {
      const exact = chanceOf(Array<number>(exactRoundsMax).fill(share), Math.round(exactRoundsMax * share) + 5);
      const approximate = chanceOf(
        [...Array<number>(exactRoundsMax).fill(share), 0],
        Math.round(exactRoundsMax * share) + 5,
      );
      expect(approximate.pValue).toBeCloseTo(exact.pValue, 2);
      expect(Math.abs(approximate.low - exact.low)).toBeLessThanOrEqual(1);
      expect(Math.abs(approximate.high - exact.high)).toBeLessThanOrEqual(1);
    }
  });

  it('calls wins outside of the band unlikely, and never those inside of it', () => {
    const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(shares, fc.nat(300), (rounds, some) => {
        const wins = Math.min(some, rounds.length);
        const { low, high, pValue } = chanceOf(rounds, wins);
        expect(low).toBeLessThanOrEqual(high);
        expect(high).toBeLessThanOrEqual(rounds.length);
        if (wins < low || wins > high) expect(pValue).toBeLessThanOrEqual(0.0501);
        else expect(pValue).toBeGreaterThan(0.0499);
      }),
    );
  });
});
