import { describe, expect, it } from 'vitest';
import { expectedMs, hashRate, shareEnded } from '../../../src/consensus/work/search-progress.ts';

function progress(difficulty: bigint, tried: number, elapsedMs = 1000) {
  return { index: 1, difficulty, tried, elapsedMs };
}

describe('the progress of a search', () => {
  it('has a rate and an expected time once there is something to measure', () => {
    expect(hashRate(progress(100n, 0, 0))).toBe(0);
    expect(expectedMs(progress(100n, 0, 0))).toBeUndefined();
    expect(hashRate(progress(100n, 2000, 500))).toBe(4000);
    expect(expectedMs(progress(8000n, 2000, 500))).toBe(2000);
  });

  it('expects the same time however long the search has lasted', () => {
    expect(expectedMs(progress(8000n, 2000, 500))).toBe(expectedMs(progress(8000n, 2_000_000, 500_000)));
  });

  it('says which share of all searches would have ended by now', () => {
    expect(shareEnded(progress(1000n, 0))).toBe(0);
    expect(shareEnded(progress(2n, 1))).toBeCloseTo(0.5, 12);
    expect(shareEnded(progress(2n, 3))).toBeCloseTo(0.875, 12);
    expect(shareEnded(progress(1n, 1))).toBe(1);
    expect(shareEnded(progress(10n ** 70n, 10))).toBeCloseTo(1e-69, 80);
    expect(shareEnded(progress(1_000_000n, 1_000_000))).toBeCloseTo(1 - 1 / Math.E, 6);
  });

  it('is counted right: of many searches, as many as it says end within so many nonces', () => {
    // 1 - (1 - 1/8)^n, counted over all ways in which the first n of nonces can fail.
    for (let tried = 1; tried <= 20; tried++)
      expect(shareEnded(progress(8n, tried))).toBeCloseTo(1 - (7 / 8) ** tried, 12);
  });
});
