/** Watches how long the event loop is not free: the longest time between two of its turns. */
export class LoopProbe {
  #isRunning = true;
  #longestMs = 0;
  #lastMs = performance.now();

  constructor() {
    this.#look();
  }

  /** Stops watching and returns the longest time, ms. */
  stop(): number {
    this.#isRunning = false;
    return this.#longestMs;
  }

  #look(): void {
    if (!this.#isRunning) return;
    const nowMs = performance.now();
    this.#longestMs = Math.max(this.#longestMs, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    setImmediate(() => this.#look());
  }
}
