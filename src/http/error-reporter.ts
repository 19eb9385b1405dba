import { limits } from './limits.ts';

export interface ErrorReporterOptions {
  readonly nowMs: () => number;
  readonly failed: (error: unknown) => void;
}

/** Reports errors of the page to the operator. They must reach neither the lottery nor the process. */
export class ErrorReporter {
  readonly #options: ErrorReporterOptions;
  #reportedMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: ErrorReporterOptions) {
    this.#options = options;
  }

  /** Reports an error, at most one per `limits.errorReportMs`, because an error of every request would fill the console. */
  report(error: unknown): void {
    const nowMs = this.#options.nowMs();
    if (this.#isClosed || nowMs < this.#reportedMs + limits.errorReportMs) return;
    this.#reportedMs = nowMs;
    this.#options.failed(error);
  }

  /** Runs `work`, and reports what it throws. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.report(error);
    }
  }

  /** Reports no more errors: failures during the shutdown do not matter. */
  close(): void {
    this.#isClosed = true;
  }
}
