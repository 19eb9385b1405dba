import { limits } from './limits.ts';

export interface ErrorReporterOptions {
  readonly nowMs: () => number;
  readonly failed: (error: unknown) => void;
}

/** What goes wrong with the page. It must reach neither the lottery nor the process. */
export class ErrorReporter {
  readonly #options: ErrorReporterOptions;
  #reportedMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: ErrorReporterOptions) {
    this.#options = options;
  }

  /** Reports an error, at most one in `limits.faultReportMs`: one that comes with every request must not fill the console. */
  report(error: unknown): void {
    const nowMs = this.#options.nowMs();
    if (this.#isClosed || nowMs < this.#reportedMs + limits.faultReportMs) return;
    this.#reportedMs = nowMs;
    this.#options.failed(error);
  }

  /** Does some work, and reports what it throws. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.report(error);
    }
  }

  /** What fails while everything ends is of no interest. */
  close(): void {
    this.#isClosed = true;
  }
}
