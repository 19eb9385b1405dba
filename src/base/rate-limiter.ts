import { limits } from './limits.ts';

/**
 * Limits the lines that are taken from one connection or seat: `linesPerSecond` on average, `limits.lineBurstSeconds` times that in a burst; 0
 * is no limit. A token bucket kept as a single number, the moment at which it will be full again (the GCRA of ATM networks).
 */
export class RateLimiter {
  readonly #lineMs: number;
  #fullAtMs = 0;

  constructor(linesPerSecond: number) {
    this.#lineMs = linesPerSecond === 0 ? 0 : 1000 / linesPerSecond;
  }

  /** Milliseconds until one more line may be taken; 0 when it may be now. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#fullAtMs + this.#lineMs - nowMs - limits.lineBurstSeconds * 1000);
  }

  /** Counts a line that was taken. */
  spend(nowMs: number): void {
    this.#fullAtMs = Math.max(this.#fullAtMs, nowMs) + this.#lineMs;
  }
}
