import { describe, expect, it } from 'vitest';
import { amountText, pluralizeAmount, shareText } from '../../src/web/amount-text.ts';
import { sentence } from '../../src/web/api-client.ts';

describe('the numbers on the page', () => {
  it('are grouped, and rounded down to four digits where nobody could read them', () => {
    expect([amountText(0), amountText(999), amountText('1000')]).toEqual(['0', '999', '1\u202f000']);
    expect(amountText('123456789012')).toBe('123\u202f456\u202f789\u202f012');
    expect(amountText('1234567890123')).toBe('1.234·10¹²');
    expect(amountText(`9${'0'.repeat(59)}`)).toBe('9.000·10⁵⁹');
  });

  it('agree with their nouns', () => {
    expect([pluralizeAmount(0, 'token'), pluralizeAmount('1', 'token'), pluralizeAmount('2000', 'token')]).toEqual([
      '0 tokens',
      '1 token',
      '2\u202f000 tokens',
    ]);
  });

  it.each([
    ['1', '3', '33.3 %'],
    ['6', '100', '6.0 %'],
    ['69', '1000', '6.9 %'],
    ['1', '1000', '0.1 %'],
    ['9', '10000', '0.09 %'],
    ['1', '10000', '0.01 %'],
    ['1', '10001', '< 0.01 %'],
    ['0', '5', '0 %'],
    ['999', '1000', '99.9 %'],
    ['9991', '10000', '99.91 %'],
    ['9999', '10000', '99.99 %'],
    ['10000', '10001', '> 99.99 %'],
    ['99999999999999999998', '99999999999999999999', '> 99.99 %'],
    ['5', '5', '100 %'],
    ['0', '0', '–'],
  ])('are shares of a whole, in one precision: %s of %s are %s', (part, whole, words) => {
    expect(shareText(part, whole)).toBe(words);
  });
});

describe('what the server refuses', () => {
  it('is a sentence on the page', () => {
    expect(sentence('there is no block 99: the last is 8')).toBe('There is no block 99: the last is 8.');
    expect(sentence('Why not?')).toBe('Why not?');
    expect(sentence('"x" is not the index of a block')).toBe('"x" is not the index of a block.');
  });
});
