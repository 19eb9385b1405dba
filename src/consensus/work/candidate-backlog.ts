import type { Candidate } from '../../core/pool.ts';
import { limits } from './limits.ts';

/** A candidate with its place in the order of all that were ever accepted. */
export interface WaitingCandidate extends Candidate {
  readonly number: number;
}

/** The candidates that wait for their block, oldest first. A validator may have several, up to a bound. */
export class CandidateBacklog {
  #waiting: WaitingCandidate[] = [];
  readonly #counts = new Map<string, number>();
  #accepted = 0;

  get size(): number {
    return this.#waiting.length;
  }

  /** The one whose turn it is; undefined when none waits. */
  get oldest(): WaitingCandidate | undefined {
    return this.#waiting[0];
  }

  has(validator: string): boolean {
    return this.#counts.has(validator);
  }

  /** Adds a candidate behind all others and returns it with its number; undefined when there is no room for it. */
  add(candidate: Candidate): WaitingCandidate | undefined {
    const count = this.#counts.get(candidate.validator) ?? 0;
    if (this.#waiting.length >= limits.backlogMax || count >= limits.backlogPerValidatorMax) return undefined;
    const waiting = { ...candidate, number: this.#accepted };
    this.#accepted += 1;
    this.#waiting.push(waiting);
    this.#counts.set(candidate.validator, count + 1);
    return waiting;
  }

  /** A candidate whose block fell out of the chain waits again, in its old place in the order. It was accepted, so there is room for it. */
  putBack(candidate: WaitingCandidate): void {
    if (this.#waiting.includes(candidate)) return;
    const place = this.#waiting.findIndex(({ number }) => number > candidate.number);
    this.#waiting.splice(place === -1 ? this.#waiting.length : place, 0, candidate);
    this.#counts.set(candidate.validator, (this.#counts.get(candidate.validator) ?? 0) + 1);
  }

  /** Removes one candidate, because it is in a block. */
  remove(candidate: WaitingCandidate): void {
    if (!this.#waiting.includes(candidate)) return;
    this.#waiting = this.#waiting.filter((other) => other !== candidate);
    const count = (this.#counts.get(candidate.validator) ?? 0) - 1;
    if (count > 0) this.#counts.set(candidate.validator, count);
    else this.#counts.delete(candidate.validator);
  }

  /** Removes all candidates of a validator. */
  withdraw(validator: string): void {
    if (!this.#counts.delete(validator)) return;
    this.#waiting = this.#waiting.filter((candidate) => candidate.validator !== validator);
  }

  candidates(): Iterable<Candidate> {
    return this.#waiting;
  }
}
