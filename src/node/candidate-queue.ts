import type { Candidate } from '../core/pool.ts';
import { limits } from './limits.ts';

/**
 * The bounded queue between those who propose and the one reader that fills the pool. Writers never wait: a full
 * queue says no. The reader waits until there is something, and then takes all of it in one go. Waiting and taking are two calls,
 * so that nothing is ever on its way between the queue and the pool when a round closes.
 */
export class CandidateQueue {
  #candidates: Candidate[] = [];
  #wake: (() => void) | undefined;
  #isClosed = false;

  get length(): number {
    return this.#candidates.length;
  }

  /** Adds a candidate, or returns false when the queue is full. */
  push(candidate: Candidate): boolean {
    if (this.#isClosed || this.#candidates.length >= limits.queueLengthMax) return false;
    this.#candidates.push(candidate);
    this.#wakeReader();
    return true;
  }

  /** Takes all that is there, oldest first; possibly nothing. */
  drain(): readonly Candidate[] {
    const candidates = this.#candidates;
    this.#candidates = [];
    return candidates;
  }

  /** Resolves to true once there is something to take, to false when the queue was closed. For one reader. */
  async ready(): Promise<boolean> {
    if (this.#candidates.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return !this.#isClosed;
  }

  /** Lets the reader go. Nothing is taken any more. */
  close(): void {
    this.#isClosed = true;
    this.#wakeReader();
  }

  #wakeReader(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
