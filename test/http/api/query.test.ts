import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/http/api/limits.ts';
import { isAddressPrefix, parseWholeNumber } from '../../../src/http/api/query.ts';

describe('a whole number in an address', () => {
  it.each([
    ['0', 0],
    ['7', 7],
    ['007', 7],
    ['9'.repeat(limits.indexDigitsMax), 999_999_999_999_999],
  ])('is read from "%s"', (text, index) => {
    expect(parseWholeNumber(text)).toBe(index);
    expect(Number.isSafeInteger(index)).toBe(true);
  });

  it.each(['', '-1', '+1', '1.0', '1e3', ' 1', '0x1', 'one', '١', '9'.repeat(limits.indexDigitsMax + 1)])(
    'is not read from "%s"',
    (text) => {
      expect(parseWholeNumber(text)).toBeUndefined();
    },
  );
});

describe('the beginning of an address', () => {
  it('has 8 to 64 digits, in lower case', () => {
    const texts = ['8fa6a4d', '8fa6a4dd', '8FA6A4DD', '8fa6a4dg', 'a'.repeat(64), 'a'.repeat(65)];
    expect(texts.filter(isAddressPrefix)).toEqual(['8fa6a4dd', 'a'.repeat(64)]);
  });
});
