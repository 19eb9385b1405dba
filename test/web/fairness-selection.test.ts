import { describe, expect, it } from 'vitest';
import type { ValidatorStats } from '../../src/http/api/types.ts';
import { isOutlier, selectForFairness } from '../../src/web/fairness-selection.ts';
import { uiConstants } from '../../src/web/ui-constants.ts';
import { hexOf } from '../core/build-chain.ts';

const { fairnessRowsMax, fairnessWinnersMax } = uiConstants;

function stats(name: number, wins: number): ValidatorStats {
  const few = { stake: '1', isConnected: true, rounds: 9, expectedWins: 1, low: 0, high: 3, pValue: 0.5 };
  return { validator: hexOf(`validator ${name}`), wins, ...few };
}

describe('the validators that are read first', () => {
  it('are all, with the most wins first, while they are few', () => {
    const few = Array.from({ length: fairnessRowsMax }, (_, place) => stats(place, place % 3));
    const { first, rest } = selectForFairness(few);
    expect(first.map(({ wins }) => wins)).toEqual(few.map(({ wins }) => wins).sort((one, other) => other - one));
    expect(rest).toEqual([]);
  });

  it('are the winners and the outliers of many', () => {
    const unlucky = { ...stats(100, 0), low: 1 };
    const many = [...Array.from({ length: 40 }, (_, place) => stats(place, place < 20 ? 1 : 0)), stats(99, 4), unlucky];
    const { first, rest } = selectForFairness(many);
    expect(first).toHaveLength(fairnessWinnersMax + 1);
    expect(first[0]?.wins).toBe(4);
    expect(first.at(-1)).toBe(unlucky);
    expect(rest).toHaveLength(many.length - first.length);
    expect(rest.some(isOutlier)).toBe(false);
  });

  it('are outliers outside of what chance allows, and not on its edge', () => {
    expect([0, 1, 3, 4].map((wins) => isOutlier({ wins, low: 1, high: 3 }))).toEqual([true, false, false, true]);
  });
});
