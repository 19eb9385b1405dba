import { limits } from './limits.ts';

/** Counts the blocks of the last minute, second by second. */
export class BlockRate {
  readonly #nowMs: () => number;
  /** Seconds with blocks in them, oldest first: at most as many as the span has. */
  readonly #seconds: { readonly second: number; blocks: number }[] = [];

  /** @param nowMs a clock that never goes back, ms */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Counts a block that was just made. */
  add(): void {
    const second = this.#second();
    const last = this.#seconds.at(-1);
    if (last?.second === second) last.blocks += 1;
    else this.#seconds.push({ second, blocks: 1 });
    this.#forgetOld();
  }

  get perMinute(): number {
    this.#forgetOld();
    return this.#seconds.reduce((sum, { blocks }) => sum + blocks, 0);
  }

  #second(): number {
    return Math.floor(this.#nowMs() / 1000);
  }

  #forgetOld(): void {
    const first = this.#second() - limits.blockRateSeconds + 1;
    while ((this.#seconds[0]?.second ?? first) < first) this.#seconds.shift();
  }
}
