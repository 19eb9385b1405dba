import { limits } from '../core/limits.ts';
import type { Candidate } from '../core/pool.ts';
import { chanceOf } from './chance.ts';
import type { Fortune, Fortunes, History, Part } from './messages.ts';
import { Pace } from './pace.ts';

/** A round, with its candidates in drawing order. */
export interface DrawnRound {
  readonly index: number;
  readonly winner: string;
  readonly candidates: readonly Candidate[];
}

interface Round extends DrawnRound {
  readonly totalStake: bigint;
}

interface Tally {
  stake: bigint;
  wins: number;
  readonly shares: number[];
}

/** What people fared in the newest rounds: the pools of as many as `limits.candidatesKeptMax` allows. */
export class RoundBook {
  readonly #turn: () => Promise<void>;
  readonly #isConnected: (validator: string) => boolean;
  /** Oldest first. */
  #rounds: Round[] = [];
  #candidates = 0;

  constructor(turn: () => Promise<void>, isConnected: (validator: string) => boolean) {
    this.#turn = turn;
    this.#isConnected = isConnected;
  }

  /** Adds the round that was just drawn, and forgets the oldest ones that there is no more room for. */
  add(round: DrawnRound): void {
    this.#rounds.push(roundOf(round));
    this.#candidates += round.candidates.length;
    this.#forgetOldest();
  }

  /** Adds rounds from before all others, given newest first, as many as there is room for. Rounds may be drawn while these are read. */
  async addBefore(older: AsyncIterable<DrawnRound>): Promise<void> {
    const rounds: Round[] = [];
    let candidates = 0;
    for await (const round of older) {
      if (this.#candidates + candidates + round.candidates.length > limits.candidatesKeptMax) break;
      candidates += round.candidates.length;
      rounds.push(roundOf(round));
    }
    this.#rounds = [...rounds.reverse(), ...this.#rounds];
    this.#candidates += candidates;
    this.#forgetOldest();
  }

  /** How everybody fared in the last `last` rounds, or in all that are known. */
  async fortunes(last: number | undefined): Promise<Fortunes> {
    const rounds = last === undefined ? [...this.#rounds] : this.#rounds.slice(-last);
    const tallies = await this.#tally(rounds);
    const expected = [...tallies].map(([validator, tally]) => ({ validator, tally, expectedWins: sum(tally.shares) }));
    expected.sort((one, other) => other.expectedWins - one.expectedWins);
    const shown = expected.slice(0, limits.fortunesMax);
    const validators: Fortune[] = [];
    const pace = new Pace(this.#turn, limits.chanceStepsPerTurn);
    for (const { validator, tally, expectedWins } of shown) {
      const { stake, wins, shares } = tally;
      validators.push({
        validator,
        stake: String(stake),
        isConnected: this.#isConnected(validator),
        rounds: shares.length,
        wins,
        expectedWins,
        ...(await chanceOf(shares, wins, pace)),
      });
    }
    const firstBlock = rounds[0]?.index ?? null;
    const leastLikely = Math.min(1, ...validators.map(({ pValue }) => pValue));
    return {
      firstBlock,
      lastBlock: rounds.at(-1)?.index ?? null,
      rounds: rounds.length,
      roundsLeftOut: last === undefined && firstBlock !== null ? firstBlock - 1 : 0,
      validators,
      validatorsLeftOut: expected.length - shown.length,
      // Bonferroni's bound: it holds however the results hang together, and they do, since one wins where the others lose.
      pValue: Math.min(1, leastLikely * Math.max(1, validators.length)),
    };
  }

  /** The newest rounds that one validator took part in, of those that are known. */
  history(validator: string): History {
    const parts: Part[] = [];
    let firstBlock: number | null = null;
    for (const { index, winner, totalStake, candidates } of this.#rounds.toReversed()) {
      if (parts.length >= limits.partsMax) break;
      firstBlock = index;
      const own = findCandidate(candidates, validator);
      if (own === undefined) continue;
      parts.push({ index, stake: String(own.stake), totalStake: String(totalStake), isWinner: winner === validator });
    }
    return { validator, isConnected: this.#isConnected(validator), firstBlock, parts: parts.reverse() };
  }

  /** Until there is room for all others; the newest round is kept, however large it is. */
  #forgetOldest(): void {
    let forgotten = 0;
    while (this.#candidates > limits.candidatesKeptMax && forgotten < this.#rounds.length - 1) {
      this.#candidates -= this.#rounds[forgotten]?.candidates.length ?? 0;
      forgotten += 1;
    }
    if (forgotten > 0) this.#rounds = this.#rounds.slice(forgotten);
  }

  async #tally(rounds: readonly Round[]): Promise<Map<string, Tally>> {
    const tallies = new Map<string, Tally>();
    const pace = new Pace(this.#turn, limits.talliesPerTurn);
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
}

function roundOf(round: DrawnRound): Round {
  return { ...round, totalStake: round.candidates.reduce((total, { stake }) => total + stake, 0n) };
}

/** Candidates are sorted by address. */
function findCandidate(candidates: readonly Candidate[], validator: string): Candidate | undefined {
  let low = 0;
  let high = candidates.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((candidates[middle]?.validator ?? '') < validator) low = middle + 1;
    else high = middle;
  }
  const found = candidates[low];
  return found?.validator === validator ? found : undefined;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
