import { ChainSlice } from './chain-slice.ts';
import type { BlockStore } from './ports.ts';

/** What the text of a chain is read from. */
export type BlockTexts = Pick<BlockStore, 'blockRange'>;

export interface ChainTextOptions {
  readonly store: BlockTexts;
  /** How many blocks are read at a time. */
  readonly blocksPerSlice: number;
  /** Slices that were read last are kept for the next reader, of so many bytes together at most. */
  readonly keptBytesMax: number;
}

/** The end of a chain that fell out of it. */
interface RemovedEnd {
  readonly first: number;
  readonly texts: readonly string[];
  /** The chain without that end, and with what came behind it since. */
  readonly rest: ChainText;
}

/**
 * The text of the chain, as long as it is now, read from the store a slice at a time. Those who read the same part share one read and its memory. It only grows; where
 * blocks fall out, another one takes its place, and who reads this one gets it to its end.
 */
export class ChainText {
  readonly #options: ChainTextOptions;
  /** What was read last, by the index of the first block, the oldest use first. */
  readonly #slices = new Map<number, ChainSlice>();
  #keptBytes = 0;
  /** What is being read, and who waits for it. */
  readonly #waiting = new Map<number, (() => void)[]>();
  #count: number;
  #removedEnd: RemovedEnd | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: ChainTextOptions, count = 0) {
    this.#options = options;
    this.#count = count;
  }

  /** How many blocks there are. */
  get count(): number {
    return this.#count;
  }

  /** A block could not be read. Nothing of this chain is given any more. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Block `index`, which is stored, is the last one now. */
  lengthen(index: number): void {
    this.#count = index + 1;
  }

  /** The same chain without its last blocks, whose texts these are. They are not in the store any more. */
  without(texts: readonly string[]): ChainText {
    const first = this.#count - texts.length;
    const rest = new ChainText(this.#options, first);
    for (const slice of this.#slices.values()) if (slice.end <= first) rest.#keep(slice);
    this.#removedEnd = { first, texts, rest };
    return rest;
  }

  /**
   * The slice that block `index` is in, which must be one of the chain: undefined while that is read, and `ready` is called then. Throws the error of the store where a block
   * could not be read.
   */
  sliceAt(index: number, ready: () => void): ChainSlice | undefined {
    const { blocksPerSlice } = this.#options;
    const first = index - (index % blocksPerSlice);
    const slice = this.#slices.get(first);
    if (slice === undefined || slice.end <= index) {
      if (this.#failure !== undefined) throw this.#failure.error;
      this.#load(first, ready);
      return undefined;
    }
    this.#slices.delete(first);
    this.#slices.set(first, slice);
    // Who reads on finds the next one there.
    const next = first + blocksPerSlice;
    if (next < this.#count && !this.#slices.has(next)) this.#load(next);
    return slice;
  }

  /** The same, as soon as it is read. */
  async slice(index: number): Promise<ChainSlice> {
    for (;;) {
      let wake = (): void => undefined;
      const isReady = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const slice = this.sliceAt(index, () => wake());
      if (slice !== undefined) return slice;
      await isReady;
    }
  }

  #load(first: number, ready?: () => void): void {
    const known = this.#waiting.get(first);
    const waiting = known ?? [];
    if (ready !== undefined) waiting.push(ready);
    if (known !== undefined || this.#failure !== undefined) return;
    this.#waiting.set(first, waiting);
    this.#texts(first, Math.min(this.#count, first + this.#options.blocksPerSlice))
      .then(
        (texts) => this.#keep(new ChainSlice(first, texts)),
        (error: unknown) => {
          this.#failure = { error };
        },
      )
      .finally(() => {
        this.#waiting.delete(first);
        for (const wake of waiting) wake();
      });
  }

  /** The texts of the blocks from `first` to before `end`. */
  async #texts(first: number, end: number): Promise<readonly string[]> {
    const stored = this.#removedEnd === undefined ? await this.#stored(first, end) : undefined;
    const removed = this.#removedEnd;
    // What fell out meanwhile may have been there or not.
    if (stored !== undefined && (removed === undefined || end <= removed.first)) return stored;
    if (removed === undefined) throw new Error(`of the blocks ${first} to ${end - 1} not all are stored`);
    const before = first < removed.first ? await removed.rest.#texts(first, Math.min(end, removed.first)) : [];
    return [...before, ...removed.texts.slice(Math.max(0, first - removed.first), Math.max(0, end - removed.first))];
  }

  /** The same as they are stored; undefined where not all are. */
  async #stored(first: number, end: number): Promise<readonly string[] | undefined> {
    const texts = await this.#options.store.blockRange(first, end - 1);
    return texts.length === end - first ? texts : undefined;
  }

  #keep(slice: ChainSlice): void {
    this.#keptBytes += slice.bytes - (this.#slices.get(slice.first)?.bytes ?? 0);
    this.#slices.delete(slice.first);
    this.#slices.set(slice.first, slice);
    for (const [first, { bytes }] of this.#slices) {
      if (this.#keptBytes <= this.#options.keptBytesMax || first === slice.first) return;
      this.#slices.delete(first);
      this.#keptBytes -= bytes;
    }
  }
}
