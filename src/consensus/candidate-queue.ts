import { limits } from './limits.ts';

/**
 * The bounded queue between the connections that propose and the one reader that takes candidates. Writers never wait: a full queue refuses. The
 * reader waits until there are candidates, and then takes all of them at once. Waiting and taking are two calls, so that no candidate is
 * between the queue and the pool when a round closes.
 */
export class CandidateQueue<Entry> {
  #candidates: Entry[] = [];
  #wake: (() => void) | undefined;
  #isClosed = false;

  get length(): number {
    return this.#candidates.length;
  }

  /** Adds a candidate, or returns false when the queue is full. */
  push(candidate: Entry): boolean {
    if (this.#isClosed || this.#candidates.length >= limits.queueLengthMax) return false;
    this.#candidates.push(candidate);
    this.#wakeReader();
    return true;
  }

  /** The candidates that wait, the oldest first. */
  entries(): Iterable<Entry> {
    return this.#candidates;
  }

  /** The candidate that is taken after `place` others; undefined where there is none. */
  at(place: number): Entry | undefined {
    return this.#candidates[place];
  }

  /** Takes all candidates, or so many at most, the oldest first; there may be none. */
  drain(most: number = this.#candidates.length): readonly Entry[] {
    const candidates = this.#candidates;
    this.#candidates = candidates.slice(most);
    return candidates.slice(0, most);
  }

  /** Resolves to true when there are candidates, and to false when the queue was closed. Only one reader may wait. */
  async ready(): Promise<boolean> {
    if (this.#candidates.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return !this.#isClosed;
  }

  /** Closes the queue: the reader stops waiting, and no candidate is accepted any more. */
  close(): void {
    this.#isClosed = true;
    this.#wakeReader();
  }

  #wakeReader(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
