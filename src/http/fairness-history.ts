import { inTurns, type Turns } from '../base/run-to-end.ts';
import type { Candidate } from '../core/pool.ts';
import { type PlacedCandidate, placed } from './api/ticket-bar.ts';
import type { FairnessAnswer, Participation, Profile, ValidatorHistory } from './api/types.ts';
import { limits } from './limits.ts';
import type { Round } from './round.ts';
import { countValidatorStats } from './validator-stats.ts';

export interface FairnessHistoryOptions {
  readonly turns: Turns;
  readonly isConnected: (validator: string) => boolean;
  readonly profileOf: (validator: string) => Profile;
}

/** Keeps the pools of the newest rounds, as many as `limits.candidatesKeptMax` allows, and computes fairness statistics from them. */
export class FairnessHistory {
  readonly #options: FairnessHistoryOptions;
  /** Oldest first. */
  #rounds: Round[] = [];
  #candidates = 0;
  /** The answers since the last draw, by the number of rounds. Each is computed once, however many requests there are. */
  readonly #answers = new Map<number | undefined, Promise<FairnessAnswer>>();

  constructor(options: FairnessHistoryOptions) {
    this.#options = options;
  }

  /** Adds the round that was just drawn, and drops the oldest ones that no longer fit. */
  add(round: Round): void {
    this.#rounds.push(round);
    this.#candidates += round.candidates.length;
    this.#trim();
  }

  /** The blocks behind block `fork` never were. */
  goBack(fork: number): void {
    this.#rounds = this.#rounds.filter(({ index }) => index <= fork);
    this.#candidates = this.#rounds.reduce((count, { candidates }) => count + candidates.length, 0);
    this.#answers.clear();
  }

  /**
   * Adds rounds older than all others, given newest first, as many as fit. Other rounds may be added meanwhile. Rejects when the iteration fails,
   * and keeps the rounds that it yielded before.
   */
  async addBefore(older: AsyncIterable<Round>): Promise<void> {
    const rounds: Round[] = [];
    let candidates = 0;
    try {
      for await (const round of older) {
        if (this.#candidates + candidates + round.candidates.length > limits.candidatesKeptMax) break;
        candidates += round.candidates.length;
        rounds.push(round);
      }
    } finally {
      this.#rounds = [...rounds.reverse(), ...this.#rounds];
      this.#candidates += candidates;
      this.#trim();
    }
  }

  /** The statistics of all validators over the last `last` rounds, or over all that are kept. */
  fairness(last: number | undefined): Promise<FairnessAnswer> {
    const known = this.#answers.get(last);
    if (known !== undefined) return known;
    const answer = this.#count(last);
    this.#answers.set(last, answer);
    return answer;
  }

  /** The newest of the kept rounds that one validator took part in. */
  history(validator: string): ValidatorHistory {
    const parts: Participation[] = [];
    let firstBlock: number | null = null;
    for (const { index, winner, totalStake, candidates } of this.#rounds.toReversed()) {
      if (parts.length >= limits.participationsMax) break;
      firstBlock = index;
      const own = findCandidate(candidates, validator);
      if (own === undefined) continue;
      parts.push({ index, stake: String(own.stake), totalStake: String(totalStake), isWinner: winner === validator });
    }
    const { isConnected, profileOf } = this.#options;
    return {
      validator,
      ...profileOf(validator),
      isConnected: isConnected(validator),
      firstBlock,
      parts: parts.reverse(),
    };
  }

  /** The candidates of a kept round whose address begins with `prefix`; undefined where the round is not kept. */
  candidatesWith(
    index: number,
    prefix: string,
  ): { readonly totalStake: bigint; readonly found: readonly PlacedCandidate[] } | undefined {
    const round = this.#rounds.findLast((one) => one.index === index);
    return round && { totalStake: round.totalStake, found: placed(round.candidates, prefix) };
  }

  /** The validators of the kept rounds whose address begins with `prefix`, at most `limits.matchingAddressesMax`. */
  validatorsWith(prefix: string): readonly string[] {
    const found = new Set<string>();
    for (const { candidates } of this.#rounds) {
      for (let place = placeOf(candidates, prefix); candidates[place]?.validator.startsWith(prefix); place++) {
        found.add(candidates[place]?.validator ?? '');
        if (found.size >= limits.matchingAddressesMax) return [...found];
      }
    }
    return [...found];
  }

  /** Drops the rounds that do not fit, and the cached answers. The newest round is kept, however large it is. */
  #trim(): void {
    let forgotten = 0;
    while (this.#candidates > limits.candidatesKeptMax && forgotten < this.#rounds.length - 1) {
      this.#candidates -= this.#rounds[forgotten]?.candidates.length ?? 0;
      forgotten += 1;
    }
    if (forgotten > 0) this.#rounds = this.#rounds.slice(forgotten);
    this.#answers.clear();
  }

  async #count(last: number | undefined): Promise<FairnessAnswer> {
    const rounds = last === undefined ? [...this.#rounds] : this.#rounds.slice(-last);
    const { turns, isConnected, profileOf } = this.#options;
    const counted = await inTurns(turns, countValidatorStats(rounds, isConnected));
    const validators = counted.validators.map((stats) => ({ ...stats, ...profileOf(stats.validator) }));
    return { ...counted, validators, roundsLeftOut: last === undefined ? (counted.firstBlock ?? 1) - 1 : 0 };
  }
}

function findCandidate(candidates: readonly Candidate[], validator: string): Candidate | undefined {
  const found = candidates[placeOf(candidates, validator)];
  return found?.validator === validator ? found : undefined;
}

/** The index of the first candidate whose address is not before this one. Candidates are sorted by address. */
function placeOf(candidates: readonly Candidate[], address: string): number {
  let low = 0;
  let high = candidates.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((candidates[middle]?.validator ?? '') < address) low = middle + 1;
    else high = middle;
  }
  return low;
}
