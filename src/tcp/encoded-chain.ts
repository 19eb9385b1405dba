/**
 * The chain as the bytes that people are sent, without the closing bracket: LF, `[`, the blocks with commas between them. It only grows, in
 * slices that all connections share; where blocks fall out, another one takes its place. So a broadcast needs no more than a length, and no block is encoded twice.
 */
export class EncodedChain {
  readonly #sliceBytes: number;
  readonly #slices: Buffer[] = [];
  #bytes = 0;

  constructor(sliceBytes: number) {
    this.#sliceBytes = sliceBytes;
  }

  /** Its length now. The bytes before it never change again. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a block's JSON text. */
  append(text: string): void {
    let rest = Buffer.from(this.#bytes === 0 ? `\n[${text}` : `,${text}`, 'latin1');
    while (rest.length > 0) {
      const used = this.#bytes % this.#sliceBytes;
      if (used === 0) this.#slices.push(Buffer.allocUnsafeSlow(this.#sliceBytes));
      const copied = rest.copy(this.#sliceAt(this.#bytes), used);
      this.#bytes += copied;
      rest = rest.subarray(copied);
    }
  }

  /** The same chain without its last blocks, whose texts these are. A reader that is being sent this one gets it to its end. */
  without(texts: readonly string[]): EncodedChain {
    const shorter = new EncodedChain(this.#sliceBytes);
    // Each has a comma before it.
    shorter.#bytes = texts.reduce((bytes, text) => bytes - text.length - 1, this.#bytes);
    const whole = Math.floor(shorter.#bytes / this.#sliceBytes);
    shorter.#slices.push(...this.#slices.slice(0, whole));
    const used = shorter.#bytes % this.#sliceBytes;
    if (used > 0) {
      const copied = Buffer.allocUnsafeSlow(this.#sliceBytes);
      this.#sliceAt(shorter.#bytes).copy(copied, 0, 0, used);
      shorter.#slices.push(copied);
    }
    return shorter;
  }

  /** The bytes from `offset` to the end of its slice, or to `end` where that comes first. */
  read(offset: number, end: number): Buffer {
    const start = offset % this.#sliceBytes;
    return this.#sliceAt(offset).subarray(start, start + Math.min(this.#sliceBytes - start, end - offset));
  }

  #sliceAt(offset: number): Buffer {
    const slice = this.#slices[Math.floor(offset / this.#sliceBytes)];
    if (slice === undefined) throw new RangeError(`the chain has no byte ${offset}`);
    return slice;
  }
}

/** What closes a chain after its last block. */
export const chainEnd = ']\n';
