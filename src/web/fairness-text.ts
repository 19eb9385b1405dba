import type { FairnessAnswer } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';

/** Explains in a sentence whether the results can be luck; `height` is the index of the last block. */
export function fairnessText(
  { rounds, pValue, validators }: Pick<FairnessAnswer, 'rounds' | 'pValue' | 'validators'>,
  height: number,
): string {
  if (height === 0) return 'Nothing has been drawn yet.';
  if (rounds === 0) {
    return `The server has none of the pools of its ${pluralizeAmount(height, 'draw')}, so nobody can say what was to be expected. The chain can be checked without them.`;
  }
  const after = `After ${pluralizeAmount(rounds, 'round')}`;
  const often = oddsOf(pValue);
  if (pValue > 0.05) {
    return `${after} this is still luck: among ${pluralizeAmount(validators.length, 'validator')}, chance alone gives somebody a result as odd as the oddest one here ${often}.`;
  }
  if (pValue > 0.001) {
    return `${after} somebody’s result is unusual: chance alone gives one as odd ${often}. If it is luck, it fades with more rounds.`;
  }
  return `${after} luck no longer explains this: chance alone gives a result as odd ${often}. Check the chain.`;
}

/** Wins to expect, with as many decimals as can be told from nothing. */
export function expectationText(expectedWins: number): string {
  return expectedWins.toFixed(expectedWins < 0.1 ? 2 : expectedWins < 10 ? 1 : 0);
}

function oddsOf(pValue: number): string {
  if (pValue >= 0.5) return 'more often than not';
  if (pValue >= 0.01) return `in ${Math.round(pValue * 100)} of 100 lotteries`;
  if (pValue >= 1e-9) return `in one of ${amountText(Math.round(1 / pValue))} lotteries`;
  return 'less than once in a billion lotteries';
}
