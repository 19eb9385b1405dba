import type { Clock } from './clock.ts';

/**
 * Ticks on a fixed grid of moments, `intervalMs` apart, on the monotonic clock. The moments are computed and not chained as timeouts, so
 * they do not drift, and after a stall of several intervals there is exactly one late tick, then the next one on the grid.
 */
export class IntervalTicker {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #tick: (dueMs: number) => void;
  readonly #startMs: number;
  /** The number of the next moment; the first is 1. */
  #next = 1;
  #cancel: () => void = () => undefined;

  /** The first tick comes one interval after `startMs`. Each is called with the moment at which it was due: after a stall, the first one missed. */
  constructor(clock: Clock, startMs: number, intervalMs: number, tick: (dueMs: number) => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#tick = tick;
    this.#startMs = startMs;
    this.#arm();
  }

  /** Milliseconds until the next tick; 0 when it is late. */
  get remainingMs(): number {
    return Math.max(0, this.#dueMs - this.#clock.monotonicMs());
  }

  /** How many moments of the grid have passed, with or without a tick. */
  get passed(): number {
    // Never fewer than the ticks so far: rounding may make the quotient too small by one.
    return Math.max(this.#next - 1, Math.floor((this.#clock.monotonicMs() - this.#startMs) / this.#intervalMs));
  }

  stop(): void {
    this.#cancel();
  }

  #arm(): void {
    this.#cancel = this.#clock.wakeAt(this.#dueMs, () => this.#wake());
  }

  #wake(): void {
    // A timer may wake a little early, and a tick before its time would shorten a round.
    if (this.remainingMs > 0) {
      this.#arm();
      return;
    }
    const dueMs = this.#dueMs;
    this.#next = Math.max(this.#next, this.passed) + 1;
    this.#arm();
    this.#tick(dueMs);
  }

  get #dueMs(): number {
    return this.#startMs + this.#next * this.#intervalMs;
  }
}
