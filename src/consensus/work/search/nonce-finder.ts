import { limits } from './limits.ts';
import { blockLength, hexOf, Sha256 } from './sha256.ts';

/** A nonce with which a block holds, and the hash that the block has then. */
export interface FoundNonce {
  readonly nonce: number;
  readonly hash: string;
}

const zero = 0x30;
const nine = 0x39;
const closingBracket = 0x5d;
/** A text ends with a one bit, zeros, and its length in bits (FIPS 180-4, 5.1.1). */
const endMark = 0x80;
const lengthAt = blockLength - Uint32Array.BYTES_PER_ELEMENT;

/**
 * Tries one nonce of a work block after the other: the hash is H("work", content hash, Nonce) (SPEC 4). Its text has 88 bytes and the 1 to 16
 * digits of the nonce, so SHA-256 always takes it in two blocks, and the first has no digit of the nonce in it. The state between the two is
 * kept: a nonce costs one compression.
 */
export class NonceFinder {
  readonly #sha256 = new Sha256();
  /** The state behind the first block. */
  readonly #midstate = Sha256.initialState();
  /** The second block, and where the digits of the nonce begin and end in it. */
  readonly #block = new Uint8Array(blockLength);
  readonly #view = new DataView(this.#block.buffer);
  readonly #digitsAt: number;
  #digitsEnd: number;
  readonly #hash = Sha256.initialState();
  readonly #target: Uint32Array;

  /**
   * @param contentHash the hash of the block without its nonce
   * @param target the largest hash with which the block holds
   */
  constructor(contentHash: string, target: bigint) {
    const prefix = new TextEncoder().encode(`["sortition/2/work","${contentHash}",`);
    this.#sha256.compress(Sha256.initialState(), new DataView(prefix.buffer), this.#midstate);
    this.#block.set(prefix.subarray(blockLength));
    this.#digitsAt = prefix.length - blockLength;
    this.#digitsEnd = this.#digitsAt;
    const words =
      target
        .toString(16)
        .padStart(this.#hash.length * 8, '0')
        .match(/.{8}/g) ?? [];
    this.#target = Uint32Array.from(words, (word) => Number.parseInt(word, 16));
  }

  /** The first nonce that holds among `count` nonces from `first` on; undefined when none of them does. Nonces end at 2^53 - 1. */
  find(first: number, count: number): FoundNonce | undefined {
    const end = Math.min(first + count, limits.nonceMax + 1);
    this.#write(first);
    for (let nonce = first; nonce < end; nonce++) {
      this.#sha256.compress(this.#midstate, this.#view, this.#hash);
      if (this.#holds()) return { nonce, hash: hexOf(this.#hash) };
      if (!this.#increment()) this.#write(nonce + 1);
    }
    return undefined;
  }

  #holds(): boolean {
    for (let place = 0; place < this.#hash.length; place++) {
      const word = (this.#hash[place] ?? 0) >>> 0;
      const most = this.#target[place] ?? 0;
      if (word !== most) return word < most;
    }
    return true;
  }

  /** Adds one to the nonce in the block. Returns false when that takes one more digit: the block must be written anew then. */
  #increment(): boolean {
    for (let place = this.#digitsEnd - 1; place >= this.#digitsAt; place--) {
      const digit = this.#block[place] ?? zero;
      if (digit < nine) {
        this.#block[place] = digit + 1;
        return true;
      }
      this.#block[place] = zero;
    }
    return false;
  }

  /** Writes a nonce and the end of the text into the block. */
  #write(nonce: number): void {
    const digits = String(nonce);
    this.#digitsEnd = this.#digitsAt + digits.length;
    this.#block.set(new TextEncoder().encode(digits), this.#digitsAt);
    this.#block.fill(0, this.#digitsEnd);
    this.#block[this.#digitsEnd] = closingBracket;
    this.#block[this.#digitsEnd + 1] = endMark;
    const textLength = blockLength + this.#digitsEnd + 1;
    this.#view.setUint32(lengthAt, textLength * 8);
  }
}
