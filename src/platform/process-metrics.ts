import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';

const resolutionMs = 20;

export interface ProcessSample {
  readonly upMs: number;
  /** How late the event loop ran its timers since the previous reading. */
  readonly late: { readonly medianMs: number; readonly mostMs: number; readonly longestMs: number };
  readonly memory: {
    readonly residentBytes: number;
    readonly heapBytes: number;
    readonly heapMaxBytes: number;
    readonly buffersBytes: number;
  };
}

/** Measures the delay of this process's event loop, and its memory. */
export class ProcessMetrics {
  readonly #delays: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs });
  readonly #startMs: number = performance.now();

  constructor() {
    this.#delays.enable();
  }

  read(): ProcessSample {
    // The histogram contains the whole time from one timer to the next.
    const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs);
    const { rss, heapUsed, external } = process.memoryUsage();
    const sample = {
      upMs: performance.now() - this.#startMs,
      late: {
        medianMs: late(this.#delays.percentile(50)),
        mostMs: late(this.#delays.percentile(99)),
        longestMs: late(this.#delays.max),
      },
      memory: {
        residentBytes: rss,
        heapBytes: heapUsed,
        heapMaxBytes: getHeapStatistics().heap_size_limit,
        buffersBytes: external,
      },
    };
    this.#delays.reset();
    return sample;
  }

  stop(): void {
    this.#delays.disable();
  }
}
