import type { Clock } from './ports.ts';

/**
 * A fixed grid of moments, `intervalMs` apart, on the monotonic clock. Arithmetic and not a chain of timeouts: it does
 * not drift, and after a stall of several intervals there is exactly one late tick, then the next on the grid.
 */
export class IntervalTicker {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #tick: (dueMs: number) => void;
  readonly #startMs: number;
  /** The number of the next moment; the first is 1. */
  #next = 1;
  #cancel: () => void = () => undefined;

  /** The first tick comes one interval after `startMs`. Each is told when it was due: after a stall, the first moment that was missed. */
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

  /** How many moments of the grid have passed, whether they had their tick or not. */
  get passed(): number {
    // Never fewer than had their tick: a quotient of fractions may fall just short.
    return Math.max(this.#next - 1, Math.floor((this.#clock.monotonicMs() - this.#startMs) / this.#intervalMs));
  }

  stop(): void {
    this.#cancel();
  }

  #arm(): void {
    this.#cancel = this.#clock.wakeAt(this.#dueMs, () => this.#wake());
  }

  #wake(): void {
    // A timer may wake a little early; a tick before its time would shorten a round.
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
