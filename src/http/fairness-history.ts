import { inTurns, type Turns } from '../base/run-to-end.ts';
import type { Candidate } from '../core/pool.ts';
import type { FairnessAnswer, Participation, ValidatorHistory } from './api/types.ts';
import { limits } from './limits.ts';
import type { Round } from './round.ts';
import { countValidatorStats } from './validator-stats.ts';

export interface RoundBookOptions {
  readonly turns: Turns;
  readonly isConnected: (validator: string) => boolean;
}

/** How people fared in the newest rounds: the pools of as many as `limits.candidatesKeptMax` allows. */
export class FairnessHistory {
  readonly #options: RoundBookOptions;
  /** Oldest first. */
  #rounds: Round[] = [];
  #candidates = 0;
  /** By how many rounds were asked for: counted once between two draws, however many ask. */
  readonly #fortunes = new Map<number | undefined, Promise<FairnessAnswer>>();

  constructor(options: RoundBookOptions) {
    this.#options = options;
  }

  /** Adds the round that was just drawn, and forgets the oldest ones that there is no more room for. */
  add(round: Round): void {
    this.#rounds.push(round);
    this.#candidates += round.candidates.length;
    this.#settle();
  }

  /**
   * Adds rounds from before all others, given newest first, as many as there is room for. Rounds may be drawn while these are read. Rejects
   * when one cannot be read, and keeps those that came before it.
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
      this.#settle();
    }
  }

  /** How everybody fared in the last `last` rounds, or in all that are known. */
  fortunes(last: number | undefined): Promise<FairnessAnswer> {
    const known = this.#fortunes.get(last);
    if (known !== undefined) return known;
    const fortunes = this.#count(last);
    this.#fortunes.set(last, fortunes);
    return fortunes;
  }

  /** The newest rounds that one validator took part in, of those that are known. */
  history(validator: string): ValidatorHistory {
    const parts: Participation[] = [];
    let firstBlock: number | null = null;
    for (const { index, winner, totalStake, candidates } of this.#rounds.toReversed()) {
      if (parts.length >= limits.partsMax) break;
      firstBlock = index;
      const own = findCandidate(candidates, validator);
      if (own === undefined) continue;
      parts.push({ index, stake: String(own.stake), totalStake: String(totalStake), isWinner: winner === validator });
    }
    return { validator, isConnected: this.#options.isConnected(validator), firstBlock, parts: parts.reverse() };
  }

  /** Those in the rounds that are known whose address begins so, no more than `limits.matchingAddressesMax`. */
  beginning(prefix: string): readonly string[] {
    const found = new Set<string>();
    for (const { candidates } of this.#rounds) {
      for (let place = placeOf(candidates, prefix); candidates[place]?.validator.startsWith(prefix); place++) {
        found.add(candidates[place]?.validator ?? '');
        if (found.size >= limits.matchingAddressesMax) return [...found];
      }
    }
    return [...found];
  }

  /** Makes room, and forgets what was counted; the newest round is kept, however large it is. */
  #settle(): void {
    let forgotten = 0;
    while (this.#candidates > limits.candidatesKeptMax && forgotten < this.#rounds.length - 1) {
      this.#candidates -= this.#rounds[forgotten]?.candidates.length ?? 0;
      forgotten += 1;
    }
    if (forgotten > 0) this.#rounds = this.#rounds.slice(forgotten);
    this.#fortunes.clear();
  }

  async #count(last: number | undefined): Promise<FairnessAnswer> {
    const rounds = last === undefined ? [...this.#rounds] : this.#rounds.slice(-last);
    const { turns, isConnected } = this.#options;
    const counted = await inTurns(turns, countValidatorStats(rounds, isConnected));
    return { ...counted, roundsLeftOut: last === undefined ? (counted.firstBlock ?? 1) - 1 : 0 };
  }
}

function findCandidate(candidates: readonly Candidate[], validator: string): Candidate | undefined {
  const found = candidates[placeOf(candidates, validator)];
  return found?.validator === validator ? found : undefined;
}

/** Where the first candidate stands whose address is not before this one; candidates are sorted by address. */
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
