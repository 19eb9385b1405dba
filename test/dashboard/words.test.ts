import { describe, expect, it } from 'vitest';
import { counted, grouped, percent, sentence } from '../../src/dashboard/page/words.ts';

describe('the numbers on the page', () => {
  it('are grouped, and rounded down to four digits where nobody could read them', () => {
    expect([grouped(0), grouped(999), grouped('1000')]).toEqual(['0', '999', '1\u202f000']);
    expect(grouped('123456789012')).toBe('123\u202f456\u202f789\u202f012');
    expect(grouped('1234567890123')).toBe('1.234·10¹²');
    expect(grouped(`9${'0'.repeat(59)}`)).toBe('9.000·10⁵⁹');
  });

  it('agree with their nouns', () => {
    expect([counted(0, 'token'), counted('1', 'token'), counted('2000', 'token')]).toEqual([
      '0 tokens',
      '1 token',
      '2\u202f000 tokens',
    ]);
  });

  it('are shares of a whole, as exact as they are of use', () => {
    expect(percent('1', '3')).toBe('33 %');
    expect(percent('1', '30')).toBe('3.3 %');
    expect(percent('1', '100000')).toBe('< 0.01 %');
    expect(percent('0', '5')).toBe('0 %');
    expect(percent('5', '5')).toBe('100 %');
    expect(percent('0', '0')).toBe('–');
  });
});

describe('what the server refuses', () => {
  it('is a sentence on the page', () => {
    expect(sentence('there is no block 99: the last is 8')).toBe('There is no block 99: the last is 8.');
    expect(sentence('Why not?')).toBe('Why not?');
    expect(sentence('"x" is not the index of a block')).toBe('"x" is not the index of a block.');
  });
});
