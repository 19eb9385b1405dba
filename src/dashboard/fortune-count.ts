import { limits } from '../core/limits.ts';
import { chanceOf } from './chance.ts';
import type { Fortune, Fortunes } from './messages.ts';
import { Pace } from './pace.ts';
import type { Round } from './round.ts';

interface Tally {
  stake: bigint;
  wins: number;
  readonly shares: number[];
}

export interface FortuneCountOptions {
  readonly turn: () => Promise<void>;
  readonly isConnected: (validator: string) => boolean;
}

/** Counts how everybody fared in these rounds, oldest first. Takes turns with everybody else. */
export async function countFortunes(
  rounds: readonly Round[],
  { turn, isConnected }: FortuneCountOptions,
): Promise<Omit<Fortunes, 'roundsLeftOut'>> {
  const tallies = await tally(rounds, new Pace(turn, limits.talliesPerTurn));
  const expected = [...tallies].map(([validator, tally]) => ({ validator, tally, expectedWins: sum(tally.shares) }));
  expected.sort((one, other) => other.expectedWins - one.expectedWins);
  const shown = expected.slice(0, limits.fortunesMax);
  const validators: Fortune[] = [];
  const pace = new Pace(turn, limits.chanceStepsPerTurn);
  for (const { validator, tally, expectedWins } of shown) {
    const { stake, wins, shares } = tally;
    validators.push({
      validator,
      stake: String(stake),
      isConnected: isConnected(validator),
      rounds: shares.length,
      wins,
      expectedWins,
      ...(await chanceOf(shares, wins, pace)),
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

async function tally(rounds: readonly Round[], pace: Pace): Promise<ReadonlyMap<string, Tally>> {
  const tallies = new Map<string, Tally>();
  for (const { winner, totalStake, candidates } of rounds) {
    const total = Number(totalStake);
    for (const { validator, stake } of candidates) {
      const turn = pace.after(1);
      if (turn !== undefined) await turn;
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
