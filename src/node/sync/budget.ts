/** So many units a second on average, and a burst of them at once: a token bucket kept as the moment at which it will be full again (GCRA). */
export class Budget {
  readonly #unitMs: number;
  readonly #burstMs: number;
  #fullAtMs = 0;

  constructor(perSecond: number, burst: number) {
    this.#unitMs = 1000 / perSecond;
    this.#burstMs = burst * this.#unitMs;
  }

  /** Milliseconds until so many units are there; 0 when they are. */
  waitMs(units: number, nowMs: number): number {
    return Math.max(0, this.#fullAtMs + units * this.#unitMs - nowMs - this.#burstMs);
  }

  /** Takes units, whether they are there or not: a peer that took too many waits the longer for the next. */
  spend(units: number, nowMs: number): void {
    this.#fullAtMs = Math.max(this.#fullAtMs, nowMs) + units * this.#unitMs;
  }
}
