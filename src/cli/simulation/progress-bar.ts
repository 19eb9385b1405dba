import { bar } from './plot.ts';

const redrawMs = 100;
const barWidth = 40;

/** How far a long computation has come, on one line of a terminal that is cleaned away in the end; nothing where there is no terminal. */
export class ProgressBar {
  readonly #output: NodeJS.WriteStream;
  readonly #total: number;
  readonly #beginMs: number = performance.now();
  #shownMs: number = performance.now();
  #isShown = false;

  /** Counts up to `total`. */
  constructor(output: NodeJS.WriteStream, total: number) {
    this.#output = output;
    this.#total = total;
  }

  /** Shows that `done` of the total are done; as often as one likes. */
  show(done: number): void {
    const nowMs = performance.now();
    if (!this.#output.isTTY || nowMs - this.#shownMs < redrawMs) return;
    this.#shownMs = nowMs;
    this.#isShown = true;
    const part = done / this.#total;
    const leftSeconds = Math.ceil(((nowMs - this.#beginMs) * (1 / part - 1)) / 1000);
    const left = Number.isFinite(leftSeconds) ? `, ${leftSeconds} s left` : '';
    this.#output.write(`\r\x1b[K${bar(part, barWidth)} ${Math.floor(part * 100)} %${left}`);
  }

  /** Cleans the line. */
  close(): void {
    if (this.#isShown) this.#output.write('\r\x1b[K');
  }
}
