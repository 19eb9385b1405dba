import { clearLine, cursorTo } from 'node:readline';
import { limits } from './limits.ts';

const barLength = 30;

/** `[=======                       ] 25%` for a quarter. */
export function progressBar(share: number): string {
  const full = Math.round(share * barLength);
  return `[${'='.repeat(full)}${' '.repeat(barLength - full)}] ${Math.floor(share * 100)}%`;
}

/** Standard output or error, a terminal or not. */
type Output = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** One line on a terminal that says how far a long work has come; nothing where it is no terminal, or the work is short. */
export class Progress {
  readonly #output: Output;
  readonly #nowMs: () => number;
  readonly #startMs: number;
  #shownMs = 0;

  constructor(output: Output, nowMs: () => number) {
    this.#output = output;
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
  }

  /** Shows the words that `say` makes, unless that was done a moment ago. */
  show(say: () => string): void {
    const nowMs = this.#nowMs();
    const isDue = nowMs - this.#startMs > limits.progressAfterMs && nowMs - this.#shownMs > limits.progressIntervalMs;
    if (!isDue || !this.#output.isTTY) return;
    this.#wipe();
    // A line as wide as the terminal would go on in the next row, where it is not wiped away.
    this.#output.write(say().slice(0, Math.max(0, (this.#output.columns || 80) - 1)));
    this.#shownMs = nowMs;
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shownMs > 0) this.#wipe();
  }

  #wipe(): void {
    clearLine(this.#output, 0);
    cursorTo(this.#output, 0);
  }
}
