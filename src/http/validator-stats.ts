import type { FairnessAnswer, ValidatorStats } from './api/types.ts';
import { limits } from './limits.ts';
import type { Round } from './round.ts';
import { winDistribution } from './win-distribution.ts';

interface Tally {
  stake: bigint;
  wins: number;
  readonly shares: number[];
}

/** Counts how everybody fared in these rounds, oldest first, in steps. */
export function* countValidatorStats(
  rounds: readonly Round[],
  isConnected: (validator: string) => boolean,
): Generator<void, Omit<FairnessAnswer, 'roundsLeftOut'>> {
  const tallies = yield* tally(rounds);
  const expected = [...tallies].map(([validator, tally]) => ({ validator, tally, expectedWins: sum(tally.shares) }));
  expected.sort((one, other) => other.expectedWins - one.expectedWins);
  const shown = expected.slice(0, limits.fortunesMax);
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
  const leastLikely = Math.min(1, ...validators.map(({ pValue }) => pValue));
  return {
    firstBlock: rounds[0]?.index ?? null,
    lastBlock: rounds.at(-1)?.index ?? null,
    rounds: rounds.length,
    validators,
    validatorsLeftOut: expected.length - shown.length,
    // Bonferroni's bound: it holds however the results hang together, and they do, since one wins where the others lose.
    pValue: Math.min(1, leastLikely * Math.max(1, validators.length)),
  };
}

function* tally(rounds: readonly Round[]): Generator<void, ReadonlyMap<string, Tally>> {
  const tallies = new Map<string, Tally>();
  for (const { winner, totalStake, candidates } of rounds) {
    const total = Number(totalStake);
    for (const { validator, stake } of candidates) {
      yield;
      const tally = tallies.get(validator) ?? { stake, wins: 0, shares: [] };
      tally.stake = stake;
      tally.shares.push(Number(stake) / total);
      if (validator === winner) tally.wins += 1;
      tallies.set(validator, tally);
    }
  }
  return tallies;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
