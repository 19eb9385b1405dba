import { limits } from '../consensus/work/search/limits.ts';

/** The nonce behind the last range that was taken, whether the search is over, and behind them the range of each thread. */
const nextAt = 0;
const isOverAt = 1;
const rangesAt = 2;
const noRange = -1n;

/**
 * What the threads of one search share. They take ranges of nonces from it, one after the other, so that fast threads take more of them, no nonce is
 * tried twice, and everybody sees how far the search is without a message. A search has a memory of its own: a thread that is late can take nothing of the next.
 */
export class SearchMemory {
  readonly buffer: SharedArrayBuffer;
  readonly #cells: BigInt64Array;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#cells = new BigInt64Array(buffer);
  }

  /** The memory of a search that has not begun. */
  static create(firstNonce: number, threads: number): SearchMemory {
    const memory = new SearchMemory(new SharedArrayBuffer((rangesAt + threads) * BigInt64Array.BYTES_PER_ELEMENT));
    memory.#cells[nextAt] = BigInt(firstNonce);
    memory.#cells.fill(noRange, rangesAt);
    return memory;
  }

  /** The first nonce that no thread has taken yet. May lie behind the last nonce that there is. */
  get next(): number {
    return Number(Atomics.load(this.#cells, nextAt));
  }

  get isOver(): boolean {
    return Atomics.load(this.#cells, isOverAt) !== 0n;
  }

  end(): void {
    Atomics.store(this.#cells, isOverAt, 1n);
  }

  /**
   * The first nonce of the range that a thread is to try: the next one, or the very range that a thread took here and did not give back because it
   * died. Undefined when there are no more nonces.
   */
  takeRange(thread: number): number | undefined {
    const kept = Atomics.load(this.#cells, rangesAt + thread);
    const first = kept === noRange ? Atomics.add(this.#cells, nextAt, BigInt(limits.noncesPerRange)) : kept;
    if (first > BigInt(limits.nonceMax)) return undefined;
    Atomics.store(this.#cells, rangesAt + thread, first);
    return Number(first);
  }

  /** The thread has tried its whole range. */
  finishRange(thread: number): void {
    Atomics.store(this.#cells, rangesAt + thread, noRange);
  }
}
