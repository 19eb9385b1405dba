import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import { readWhole } from '../../src/dashboard/query.ts';

describe('a whole number in an address', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    ['007', 7],
    ['9'.repeat(limits.indexDigitsMax), 999_999_999_999_999],
  ])('is read from "%s"', (text, index) => {
    expect(readWhole(text)).toBe(index);
    expect(Number.isSafeInteger(index)).toBe(true);
  });

  it.each(['', '-1', '+1', '1.0', '1e3', ' 1', '0x1', 'one', '١', '9'.repeat(limits.indexDigitsMax + 1)])(
    'is not read from "%s"',
    (text) => {
      expect(readWhole(text)).toBeUndefined();
    },
  );
});
