import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chiSquareTail, chiSquareTest } from '../../../src/base/statistics/chi-square.ts';

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
