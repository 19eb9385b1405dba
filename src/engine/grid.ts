import type { Clock } from './ports.ts';

/**
 * A fixed grid of moments, `intervalMs` apart, on the monotonic clock. Arithmetic and not a chain of timeouts: it does
 * not drift, and after a stall of several intervals there is exactly one late tick, then the next on the grid.
 */
export class Grid {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #tick: () => void;
  readonly #startMs: number;
  #dueMs: number;
  #cancel: () => void = () => undefined;

  /** The first tick comes one interval after `startMs`. */
  constructor(clock: Clock, startMs: number, intervalMs: number, tick: () => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#tick = tick;
    this.#startMs = startMs;
    this.#dueMs = this.#startMs + intervalMs;
    this.#arm();
  }

  /** Milliseconds until the next tick; 0 when it is late. */
  get remainingMs(): number {
    return Math.max(0, this.#dueMs - this.#clock.monotonicMs());
  }

  stop(): void {
    this.#cancel();
  }

  #arm(): void {
    this.#cancel = this.#clock.wakeAt(this.#dueMs, () => this.#wake());
  }

  #wake(): void {
    const nowMs = this.#clock.monotonicMs();
    // A timer may wake a little early; a tick before its time would shorten a round.
    if (nowMs < this.#dueMs) {
      this.#arm();
      return;
    }
    const passed = Math.floor((nowMs - this.#startMs) / this.#intervalMs);
    this.#dueMs = this.#startMs + (passed + 1) * this.#intervalMs;
    this.#arm();
    this.#tick();
  }
}
