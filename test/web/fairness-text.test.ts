import { describe, expect, it } from 'vitest';
import { fairnessText } from '../../src/web/fairness-text.ts';

function wordsFor(pValue: number, rounds = 40, height = 40): string {
  return fairnessText({ rounds, pValue, validators: [] }, height);
}

describe('the verdict', () => {
  it('calls luck what luck explains', () => {
    expect(wordsFor(1)).toMatch(/^After 40 rounds this is still luck: .* more often than not\.$/);
    expect(wordsFor(0.23)).toMatch(/still luck: .* in 23 of 100 lotteries\.$/);
  });

  it('says how seldom the rest is, and what to do about it', () => {
    expect(wordsFor(0.05)).toMatch(/unusual: .* in 5 of 100 lotteries\. If it is luck, it fades/);
    expect(wordsFor(0.001)).toMatch(
      /luck no longer explains this: .* in one of 1\u202f000 lotteries\. Check the chain\.$/,
    );
    expect(wordsFor(0)).toMatch(/less than once in a billion lotteries/);
  });

  it('says nothing of a chain without a draw', () => {
    expect(wordsFor(1, 0, 0)).toBe('Nothing has been drawn yet.');
  });

  it('says of a chain whose pools are lost that they are, and not that nothing was drawn', () => {
    expect(wordsFor(1, 0, 1)).toMatch(/^The server has none of the pools of its 1 draw, /);
  });
});
