/** The bytes of a block that is compressed at once. */
export const blockLength = 64;
/** Its words, and the bytes of one. */
const blockWords = 16;
const wordLength = 4;

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
// biome-ignore format: eight in a row, as the standard prints them
const roundConstants: Int32Array = Int32Array.of(
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
);

/**
 * The compression function of SHA-256 (FIPS 180-4, 6.2.2), without its padding. The search for a nonce hashes the same beginning again and again.
 * Node and @noble/hashes hash it anew, or copy their whole state for each nonce, which takes as long as the hash itself: this one
 * goes on from a kept state. An object serves one search at a time, since it keeps the message schedule between calls.
 */
export class Sha256 {
  readonly #schedule = new Int32Array(roundConstants.length);

  /** The state before the first block of a text: of the square roots of the first eight primes (FIPS 180-4, 5.3.3). */
  static initialState(): Int32Array {
    return Int32Array.of(
      ...[0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a],
      ...[0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19],
    );
  }

  /** Writes the state behind a block of 64 bytes to `result`. The state behind the last block of a padded text is its hash. */
  compress(state: Int32Array, block: DataView, result: Int32Array): void {
    this.#expand(block);
    const schedule = this.#schedule;
    let a = at(state, 0);
    let b = at(state, 1);
    let c = at(state, 2);
    let d = at(state, 3);
    let e = at(state, 4);
    let f = at(state, 5);
    let g = at(state, 6);
    let h = at(state, 7);
    for (let t = 0; t < roundConstants.length; t++) {
      const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const choice = g ^ (e & (f ^ g));
      const one = (h + sum1 + choice + at(roundConstants, t) + at(schedule, t)) | 0;
      const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const majority = (a & b) | (c & (a | b));
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + sum0 + majority) | 0;
    }
    result[0] = at(state, 0) + a;
    result[1] = at(state, 1) + b;
    result[2] = at(state, 2) + c;
    result[3] = at(state, 3) + d;
    result[4] = at(state, 4) + e;
    result[5] = at(state, 5) + f;
    result[6] = at(state, 6) + g;
    result[7] = at(state, 7) + h;
  }

  #expand(block: DataView): void {
    const schedule = this.#schedule;
    for (let t = 0; t < blockWords; t++) schedule[t] = block.getInt32(t * wordLength);
    for (let t = blockWords; t < schedule.length; t++) {
      const w15 = at(schedule, t - 15);
      const w2 = at(schedule, t - 2);
      const sigma0 = ((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3);
      const sigma1 = ((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10);
      schedule[t] = sigma1 + at(schedule, t - 7) + sigma0 + at(schedule, t - blockWords);
    }
  }
}

/** A word of an array that is long enough. */
function at(words: Int32Array, place: number): number {
  return words[place] ?? 0;
}

/** A state as 64 lower-case hex digits, as a hash is written. */
export function hexOf(state: Int32Array): string {
  return Array.from(state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
