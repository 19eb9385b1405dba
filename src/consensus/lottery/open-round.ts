import { type Candidate, type FrozenPool, Pool } from '../../core/pool.ts';
import { CandidateQueue } from '../candidate-queue.ts';
import { limits } from './limits.ts';

/**
 * The round that takes candidates: one of each validator, on its way through the queue into the pool. `close` ends it and begins the next one in
 * the same step, so every candidate is in exactly one round.
 */
export class OpenRound {
  readonly #queue = new CandidateQueue<Candidate>();
  #pool = new Pool();
  /** What the validators with a candidate in this round have staked, those in the queue included. */
  #stakes = new Map<string, bigint>();
  #totalStake = 0n;
  #number = 0;

  /** The first round is 0. */
  get number(): number {
    return this.#number;
  }

  /** What all candidates have staked, those who are still in the queue included. */
  get totalStake(): bigint {
    return this.#totalStake;
  }

  /** Those candidates that have reached the pool. */
  get pool(): Pick<Pool, 'size' | 'totalStake' | 'candidates'> {
    return this.#pool;
  }

  /** Whether a validator has a candidate in this round. */
  has(validator: string): boolean {
    return this.#stakes.has(validator);
  }

  /** Adds the first candidate of its validator, or returns false when there is no room for it. */
  add(candidate: Candidate): boolean {
    const isFull = this.#pool.size + this.#queue.length >= limits.poolSizeMax;
    if (isFull || !this.#queue.push(candidate)) return false;
    this.#stakes.set(candidate.validator, candidate.stake);
    this.#totalStake += candidate.stake;
    return true;
  }

  /** Removes the candidate of a slashed validator, if it has one, wherever that is. */
  withdraw(validator: string): void {
    this.#totalStake -= this.#stakes.get(validator) ?? 0n;
    this.#stakes.delete(validator);
    this.#pool.remove(validator);
  }

  /** Moves candidates from the queue into the pool until `stop`. */
  async fill(): Promise<void> {
    while (await this.#queue.ready()) this.#takeCandidates();
  }

  /** No candidate is accepted any more. */
  stop(): void {
    this.#queue.close();
  }

  /** Closes the round and opens the next, in one step between two awaits: every candidate is in exactly one of them. */
  close(): FrozenPool {
    this.#takeCandidates();
    const pool = this.#pool.freeze();
    this.#pool = new Pool();
    this.#stakes = new Map();
    this.#totalStake = 0n;
    this.#number += 1;
    return pool;
  }

  #takeCandidates(): void {
    for (const candidate of this.#queue.drain()) {
      // Slashed while it waited in the queue.
      if (!this.#stakes.has(candidate.validator)) continue;
      this.#pool.add(candidate);
    }
  }
}
