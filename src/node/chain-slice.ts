/** Some of its bytes, and the block that comes behind them. */
export interface ChainPiece {
  readonly bytes: Buffer;
  readonly next: number;
}

/** Blocks that follow each other, as they stand in the text of the chain: each with a comma before it. Never changes, and all who read it share its bytes. */
export class ChainSlice {
  /** The index of its first block. */
  readonly first: number;
  readonly #bytes: Buffer;
  /** Where each block ends. */
  readonly #ends: readonly number[];

  constructor(first: number, texts: readonly string[]) {
    this.first = first;
    this.#bytes = Buffer.from(`,${texts.join(',')}`, 'latin1');
    let bytes = 0;
    this.#ends = texts.map((text) => {
      bytes += text.length + 1;
      return bytes;
    });
  }

  /** The index behind its last block. */
  get end(): number {
    return this.first + this.#ends.length;
  }

  /** How much memory it takes. */
  get bytes(): number {
    return this.#bytes.length;
  }

  /** The blocks from `next` on: so many that they have `bytesWanted`, where there are as many before `end`. */
  read(next: number, end: number, bytesWanted: number): ChainPiece {
    const start = this.#startOf(next);
    const last = Math.min(end, this.end) - this.first;
    const enough = this.#ends.findIndex((bytes, place) => place >= next - this.first && bytes >= start + bytesWanted);
    const stop = enough < 0 ? last : Math.min(last, enough + 1);
    return { bytes: this.#bytes.subarray(start, this.#startOf(this.first + stop)), next: this.first + stop };
  }

  #startOf(index: number): number {
    return index === this.first ? 0 : (this.#ends[index - this.first - 1] ?? this.#bytes.length);
  }
}
