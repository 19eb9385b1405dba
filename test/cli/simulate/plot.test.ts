import { describe, expect, it } from 'vitest';
import { compact, oddsText } from '../../../src/base/formatting.ts';
import { bandPicture, bar, columns } from '../../../src/cli/simulate/plot.ts';
import { wrapText } from '../../../src/cli/wrap-text.ts';

describe('the pictures of a terminal', () => {
  it.each([
    [0, '    '],
    [0.5, '██  '],
    [1 / 32, '▏   '],
    [0.999, '████'],
    [1, '████'],
    [7, '████'],
  ])('draw %d of 1 as a bar', (part, text) => {
    expect(bar(part, 4)).toBe(text);
  });

  it.each([
    [0, '  ├───●───┤  '],
    [2, '  ├───┼───●  '],
    [-1, '  ├─●─┼───┤  '],
    [99, '  ├───┼───┤ ●'],
    [-99, '● ├───┼───┤  '],
  ])('place %d in a band of 2', (deviation, text) => {
    expect(bandPicture(deviation, 2)).toBe(text);
  });

  it('draw columns from the bottom', () => {
    expect(columns([0, 0.5, 0.75, 1], 1, 2)).toEqual(['  ▄█', ' ███']);
  });
});

describe('the numbers of a report', () => {
  it('are whole as long as they fit', () => {
    expect(compact(12_345_678)).toBe('12,345,678');
    expect(compact(10n ** 15n)).toBe('1.00e15');
  });

  it.each([
    [1, 'all'],
    [0.997, 'nearly all'],
    [0.54, '54 of 100'],
    [0.04, '40 of 1,000'],
    [0.00021, 'about 1 of 4,800'],
    [0, 'less than 1 of 1,000,000,000'],
  ])('say a chance of %d in words', (chance, words) => {
    expect(oddsText(chance)).toBe(words);
  });

  it('are broken at spaces, and a word that is too long stays whole', () => {
    const text = wrapText(`${'word '.repeat(30)}${'x'.repeat(90)} end`, 80, '  ');
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => line.length <= 80)).toEqual([true, true, false, true]);
    expect(lines.every((line) => line.startsWith('  '))).toBe(true);
  });
});
