import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { limits } from './limits.ts';

/** How late the event loop was lately. Looking changes nothing: several may look, each as often as they like. */
export class LoopDelay {
  /** Begun one window and up to two windows ago. */
  #older: IntervalHistogram = monitorEventLoopDelay({ resolution: limits.loopLookMs });
  #newer: IntervalHistogram = monitorEventLoopDelay({ resolution: limits.loopLookMs });
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#older.enable();
    this.#newer.enable();
    this.#timer = setInterval(() => {
      [this.#older, this.#newer] = [this.#newer, this.#older];
      this.#newer.reset();
    }, limits.loopWindowMs).unref();
  }

  /** So late, in seconds, or less, was the loop in `percentile` of 100 looks in the last one to two `limits.loopWindowMs`. */
  seconds(percentile: number): number {
    // What is measured includes the time between two looks.
    return Math.max(0, this.#older.percentile(percentile) / 1e6 - limits.loopLookMs) / 1000 || 0;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#older.disable();
    this.#newer.disable();
  }
}
