import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../consensus/clock.ts';
import type { TimeControl } from '../node/sandbox.ts';

interface Wake {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Where time begins when nothing is said. */
const initialTime = '2026-01-01T00:00:00.000Z';

/**
 * A clock whose time passes only when it is told to, as fast as the work in it can be done: for tests, lessons and simulations. What waits for the same
 * moment is woken in the order of its asking, so that the same calls always give the same run.
 */
export class SettableClock implements Clock, TimeControl {
  #nowMs = 0;
  #wallMs: number;
  #wakes: Wake[] = [];
  /** Computations that have yielded, and go on in the next turn. */
  #yielding = 0;

  /** @param timestamp what the wall clock says at first */
  constructor(timestamp: string = initialTime) {
    this.#wallMs = Date.parse(timestamp);
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  timestamp(): string {
    return new Date(this.#wallMs).toISOString();
  }

  wakeAt(monotonicMs: number, wake: () => void): () => void {
    const entry: Wake = { atMs: Math.max(monotonicMs, this.#nowMs), wake };
    const place = this.#wakes.findIndex(({ atMs }) => atMs > entry.atMs);
    this.#wakes.splice(place === -1 ? this.#wakes.length : place, 0, entry);
    return () => {
      this.#wakes = this.#wakes.filter((other) => other !== entry);
    };
  }

  async yieldToEventLoop(): Promise<void> {
    this.#yielding += 1;
    await turn();
    this.#yielding -= 1;
  }

  /** Never: no time passes while something is computed. */
  isTurnOver(): boolean {
    return false;
  }

  /** Lets time pass, waking all that waits for a moment in between at that moment, and does what follows from it. */
  async pass(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await this.settled();
    for (let [next] = this.#wakes; next !== undefined && next.atMs <= endMs; [next] = this.#wakes) {
      this.#wakes.shift();
      this.#moveTo(next.atMs);
      next.wake();
      await this.settled();
    }
    this.#moveTo(endMs);
  }

  /** Resolves when nothing is under way that needs neither time nor the world outside. */
  async settled(): Promise<void> {
    do await turn();
    while (this.#yielding > 0);
    // What went on in the last turn may have begun something.
    await turn();
  }

  /** So much time passes at once, as when the process is suspended: what waits for a moment in between is woken late, with the next `pass`. */
  increaseTime(ms: number): void {
    this.#nowMs += ms;
    this.#wallMs += ms;
  }

  /** Sets the wall clock. What waits for a moment waits as before. */
  setTime(timestamp: string): void {
    this.#wallMs = Date.parse(timestamp);
  }

  /** Time never goes back: it may have been put forward meanwhile. */
  #moveTo(ms: number): void {
    this.increaseTime(Math.max(0, ms - this.#nowMs));
  }
}
