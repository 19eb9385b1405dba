import { describe, expect, it } from 'vitest';
import type { Segment } from '../../src/http/api/types.ts';
import { neighbourhoodOf, shareIn, wholeOf } from '../../src/web/strip-window.ts';
import { uiConstants } from '../../src/web/ui-constants.ts';

const { winnerShareMin, winnerShareEnlarged } = uiConstants;

/** A pool with a winner between two groups. */
function around(before: number, own: number, after: number): readonly Segment[] {
  return [
    { stake: String(before), count: 5 },
    { stake: String(own), count: 1, validator: 'a'.repeat(64), isWinner: true },
    { stake: String(after), count: 5 },
  ];
}

describe('the part of a strip that is shown', () => {
  it('is the whole while nobody has won, and where the winner can be seen on it', () => {
    const open = [{ stake: '100', count: 3 }];
    expect(neighbourhoodOf(open)).toEqual({ first: 0, size: 100 });
    expect(neighbourhoodOf([])).toEqual({ first: 0, size: 0 });
    const least = winnerShareMin * 1000;
    expect(neighbourhoodOf(around(500, least, 500 - least))).toEqual({ first: 0, size: 1000 });
  });

  it('is the neighbourhood of a winner that is too thin, in the middle of it', () => {
    const own = winnerShareMin * 1000 - 1;
    const window = neighbourhoodOf(around(500, own, 500 - own));
    expect(shareIn(window, 500, own)).toBeCloseTo(winnerShareEnlarged, 5);
    expect(Math.abs(window.first + window.size / 2 - (500 + own / 2))).toBeLessThan(1);
  });

  it.each([
    [0, 10, 990],
    [990, 10, 0],
  ])('does not reach beyond the first and the last ticket, where %i are before the winner', (before, own, after) => {
    const window = neighbourhoodOf(around(before, own, after));
    expect(window.first).toBeGreaterThanOrEqual(0);
    expect(window.first + window.size).toBeLessThanOrEqual(1000);
    expect(shareIn(window, before, own)).toBeCloseTo(winnerShareEnlarged, 5);
  });

  it('gives each range of tickets the share that is seen of it', () => {
    const window = { first: 100, size: 200 };
    expect([0, 50, 100, 250, 299, 300].map((first) => shareIn(window, first, 100))).toEqual([
      0, 0.25, 0.5, 0.25, 0.005, 0,
    ]);
    expect(shareIn(wholeOf([]), 0, 0)).toBe(0);
  });
});
