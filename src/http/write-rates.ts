import { RateLimiter } from '../base/rate-limiter.ts';

/** Limits how fast each writer, a seat or a connection, writes: as fast as a line may follow another at nc. */
export class WriteRates {
  readonly #linesPerSecond: number;
  readonly #nowMs: () => number;
  readonly #limiters = new WeakMap<object, RateLimiter>();

  constructor(linesPerSecond: number, nowMs: () => number) {
    this.#linesPerSecond = linesPerSecond;
    this.#nowMs = nowMs;
  }

  /** Counts a write, and returns 0; or does not count it, and returns the milliseconds until the writer may write. */
  spend(writer: object): number {
    const limiter = this.#limiters.get(writer) ?? new RateLimiter(this.#linesPerSecond);
    this.#limiters.set(writer, limiter);
    const nowMs = this.#nowMs();
    const waitMs = limiter.waitMs(nowMs);
    if (waitMs === 0) limiter.spend(nowMs);
    return waitMs;
  }
}
