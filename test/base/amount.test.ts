import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAmount, parseDigits } from '../../src/base/amount.ts';

describe('a number that a person types', () => {
  it('is any run of ASCII digits, exact at any size, with any zeros before it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 400n }), fc.nat({ max: 20 }), (number, zeros) => {
        expect(parseDigits('0'.repeat(zeros) + String(number))).toBe(number);
      }),
    );
  });

  it.each([
    '',
    ' ',
    '-5',
    '+5',
    '1.5',
    '1,000',
    '1e3',
    '1_000',
    '0x10',
    '１００',
    '٣',
    '1\n',
    ' 1',
    'NaN',
    'Infinity',
    '1n',
  ])('is not %j', (text) => {
    expect(parseDigits(text)).toBeUndefined();
  });
});

describe('an amount in a chain', () => {
  it('is at least 1, without zeros before it', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 77n - 1n }), (amount) => {
        expect(parseAmount(String(amount))).toBe(amount);
        expect(parseAmount(`0${amount}`)).toBeUndefined();
      }),
    );
  });

  it('has at most 77 digits, so that it stays below 2^256', () => {
    expect(parseAmount('9'.repeat(77))).toBe(10n ** 77n - 1n);
    expect(10n ** 77n).toBeLessThan(2n ** 256n);
    expect(parseAmount('1'.repeat(78))).toBeUndefined();
  });

  it.each([0, 5, true, null, undefined, '0', '', '-1', '1.0', ['1']])('is not %j', (json) => {
    expect(parseAmount(json)).toBeUndefined();
  });
});
