import type { ValidatorStats } from '../http/api/types.ts';
import { uiConstants } from './ui-constants.ts';

/** The validators of a fairness table: those to be read first, and the others. */
export interface FairnessSelection {
  /** With the most wins first. */
  readonly first: readonly ValidatorStats[];
  /** In the order of their answer, which is that of the wins to expect. None of them is outside of what chance allows. */
  readonly rest: readonly ValidatorStats[];
}

/** True where chance alone hardly leads so far from what was to be expected. */
export function isOutlier({ wins, low, high }: Pick<ValidatorStats, 'wins' | 'low' | 'high'>): boolean {
  return wins < low || wins > high;
}

/** Chooses the winners and the outliers of many validators; few are all read. */
export function selectForFairness(validators: readonly ValidatorStats[]): FairnessSelection {
  const byWins = validators.toSorted((one, other) => other.wins - one.wins);
  if (validators.length <= uiConstants.fairnessRowsMax) return { first: byWins, rest: [] };
  const chosen = new Set(byWins.filter(({ wins }) => wins > 0).slice(0, uiConstants.fairnessWinnersMax));
  const isFirst = (stats: ValidatorStats): boolean => chosen.has(stats) || isOutlier(stats);
  return { first: byWins.filter(isFirst), rest: validators.filter((stats) => !isFirst(stats)) };
}
