import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { limits } from './limits.ts';

/** Measures the recent delay of the event loop. Reading it changes nothing, so there may be any number of readers. */
export class LoopDelay {
  /** Begun one to two windows ago. */
  #older: IntervalHistogram = monitorEventLoopDelay({ resolution: limits.loopSampleMs });
  #newer: IntervalHistogram = monitorEventLoopDelay({ resolution: limits.loopSampleMs });
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#older.enable();
    this.#newer.enable();
    this.#timer = setInterval(() => {
      [this.#older, this.#newer] = [this.#newer, this.#older];
      this.#newer.reset();
    }, limits.loopWindowMs).unref();
  }

  /** The given percentile of the delay in the last one to two `limits.loopWindowMs`, in seconds. */
  seconds(percentile: number): number {
    // The measured value includes the time between two samples.
    return Math.max(0, this.#older.percentile(percentile) / 1e6 - limits.loopSampleMs) / 1000 || 0;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#older.disable();
    this.#newer.disable();
  }
}
