import { describe, expect, it } from 'vitest';
import { isDrawn } from '../../src/core/block.ts';
import { parseBlock } from '../../src/core/parse-block.ts';
import { findSegments, isPerhapsNameless, lastWinWords, poolWords, readPrefix } from '../../src/web/segment-search.ts';
import { readExample } from '../core/example.ts';

/** An address with these first digits. */
function beginning(digits: string): string {
  return digits.padEnd(64, '0');
}

const [ada, ben, eve] = [beginning('1111111111'), beginning('1111111122'), beginning('33333333')];
const segments = [
  { stake: '100', count: 1, validator: ada, bpm: 70 },
  { stake: '299', count: 1, validator: ben, bpm: 70 },
  { stake: '1', count: 1, validator: eve, bpm: 70 },
];

describe('the beginning of an address', () => {
  it.each(['8fa6a4dd', ' 8FA6A4DD ', '8fa6a4dd…', 'a'.repeat(64)])('is read from "%s"', (text) => {
    expect(readPrefix(text)).toBe(text.trim().toLowerCase().replace('…', ''));
  });

  it.each(['', '8fa6a4d', 'a'.repeat(65), '8fa6a4dg', '8fa6 a4dd', '8fa6a4dd…0'])('is not read from "%s"', (text) => {
    expect(readPrefix(text)).toBeUndefined();
  });
});

describe('whoever looks for themselves', () => {
  it('is told their stake, share and tickets', () => {
    expect(poolWords(segments, '1111111122')).toBe('In this draw: 299 tokens, 74.8 %, tickets 100 to 398.');
    expect(poolWords(segments, '33333333')).toBe('In this draw: 1 token, 0.3 %, ticket 399.');
    expect(findSegments(segments, '33333333')).toEqual([segments[2]]);
  });

  it('is told that they won', () => {
    const drawn = segments.map((segment) =>
      segment.validator === ada ? { ...segment, isWinner: true as const } : segment,
    );
    expect(poolWords(drawn, ada)).toBe('Won this draw: 100 tokens, 25.0 %, tickets 0 to 99.');
  });

  it('is told that they are not there, or that this cannot be seen, or that several addresses begin so', () => {
    expect(poolWords(segments, '44444444')).toBe('Not in this draw.');
    expect(poolWords([], '44444444')).toBe('Not in this draw.');
    expect(poolWords(segments, '11111111')).toBe('2 addresses in this draw begin so: type more digits.');
  });

  it('is told what the server says where the pool is too large to name everybody', () => {
    const crowd = [...segments, { stake: '7', count: 2 }];
    expect([isPerhapsNameless(crowd, '44444444'), isPerhapsNameless(crowd, '33333333')]).toEqual([true, false]);
    expect(isPerhapsNameless(segments, '44444444')).toBe(false);
    expect(poolWords(crowd, '44444444')).toBe('Looking for it …');
    const tickets = {
      validator: beginning('44444444'),
      stake: '3',
      firstTicket: '400',
      lastTicket: '402',
      totalStake: '407',
    };
    expect(poolWords(crowd, '44444444', tickets)).toBe('In this draw: 3 tokens, 0.7 %, tickets 400 to 402.');
    expect(poolWords(crowd, '44444444', { why: 'Nobody is.', isAbsent: true })).toBe('Not in this draw.');
    expect(poolWords(crowd, '44444444', { why: 'Give more digits.', isAbsent: false })).toBe('Give more digits.');
  });

  it('is told their last win, and how far back that was looked for', () => {
    const blocks = readExample()
      .chain.flatMap((json, index) => {
        const form = parseBlock(json, index);
        return 'value' in form && isDrawn(form.value) ? [form.value] : [];
      })
      .reverse();
    const last = blocks[0];
    if (last === undefined) throw new Error('no draw');
    expect(lastWinWords(blocks, last.Validator.slice(0, 8))).toBe(`Last win: block ${last.Index}.`);
    expect(lastWinWords(blocks, '00000000')).toBe('No win yet.');
    expect(lastWinWords(blocks.slice(0, 2), '00000000')).toBe('No win in the last 2 draws.');
    expect(lastWinWords([], '00000000')).toBe('');
  });
});
