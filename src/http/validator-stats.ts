import { ExpectedWins, shareOf } from '../base/statistics/expected-wins.ts';
import { leastPValue, winDistribution } from '../base/statistics/win-distribution.ts';
import type { FairnessAnswer, ValidatorStats } from './api/types.ts';
import { limits } from './limits.ts';
import type { Round } from './round.ts';

interface Tally {
  stake: bigint;
  wins: number;
  readonly shares: number[];
  readonly expected: ExpectedWins;
}

/** Counts the results of all validators in these rounds, oldest first, in steps. */
export function* countValidatorStats(
  rounds: readonly Round[],
  isConnected: (validator: string) => boolean,
): Generator<void, Omit<FairnessAnswer, 'roundsLeftOut'>> {
  const tallies = yield* tally(rounds);
  const expected = [...tallies].map(([validator, tally]) => ({ validator, tally, expectedWins: tally.expected.mean }));
  expected.sort((one, other) => other.expectedWins - one.expectedWins);
  const shown = expected.slice(0, limits.fairnessValidatorsMax);
  const validators: ValidatorStats[] = [];
  for (const { validator, tally, expectedWins } of shown) {
    const { stake, wins, shares } = tally;
    validators.push({
      validator,
      stake: String(stake),
      isConnected: isConnected(validator),
      rounds: shares.length,
      wins,
      expectedWins,
      ...(yield* winDistribution(shares, wins)),
    });
  }
  return {
    firstBlock: rounds[0]?.index ?? null,
    lastBlock: rounds.at(-1)?.index ?? null,
    rounds: rounds.length,
    validators,
    validatorsLeftOut: expected.length - shown.length,
    pValue: leastPValue(validators.map(({ pValue }) => pValue)),
  };
}

function* tally(rounds: readonly Round[]): Generator<void, ReadonlyMap<string, Tally>> {
  const tallies = new Map<string, Tally>();
  for (const { winner, totalStake, candidates } of rounds) {
    for (const { validator, stake } of candidates) {
      yield;
      const tally = tallies.get(validator) ?? { stake, wins: 0, shares: [], expected: new ExpectedWins() };
      tally.stake = stake;
      const share = shareOf(stake, totalStake);
      tally.shares.push(share);
      tally.expected.add(share);
      if (validator === winner) tally.wins += 1;
      tallies.set(validator, tally);
    }
  }
  return tallies;
}
