/**
 * Stands in for node:crypto in the browser, so that the rules of core/ run there as they are. WebCrypto would not do: it only answers later,
 * and not at all on a page that came over plain HTTP from another machine.
 */

/** The round constants of FIPS 180-4, 4.2.2: the first 32 bits of the fractions of the cube roots of the first 64 primes. */
const constants: Uint32Array = Uint32Array.from(firstPrimes(64), (prime) => fraction(Math.cbrt(prime)));

/** FIPS 180-4, 5.3.3: the same of the square roots of the first eight. */
const initial: readonly number[] = firstPrimes(8).map((prime) => fraction(Math.sqrt(prime)));

/** SHA-256 (FIPS 180-4) of the UTF-8 text, in lower-case hex. Like `hash` of node:crypto, but for this one algorithm. */
export function hash(algorithm: 'sha256', text: string): string {
  if (algorithm !== 'sha256') throw new RangeError('only sha256 is known here');
  const message = padded(new TextEncoder().encode(text));
  const state = Uint32Array.from(initial);
  const schedule = new Uint32Array(64);
  for (let offset = 0; offset < message.byteLength; offset += 64) {
    expand(schedule, message, offset);
    compress(state, schedule);
  }
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

/** 5.1.1: a one bit, zeros, and the length in bits, up to a multiple of 64 bytes. */
function padded(bytes: Uint8Array): DataView {
  const message = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64);
  message.set(bytes);
  message[bytes.length] = 0x80;
  const view = new DataView(message.buffer);
  view.setUint32(message.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(message.length - 4, bytes.length << 3);
  return view;
}

/** 6.2.2, step 1. */
function expand(schedule: Uint32Array, message: DataView, offset: number): void {
  for (let place = 0; place < 16; place++) schedule[place] = message.getUint32(offset + place * 4);
  for (let place = 16; place < 64; place++) {
    const early = schedule[place - 15] ?? 0;
    const late = schedule[place - 2] ?? 0;
    const one = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
    const two = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
    schedule[place] = (schedule[place - 16] ?? 0) + one + (schedule[place - 7] ?? 0) + two;
  }
}

/** 6.2.2, steps 2 to 4. */
function compress(state: Uint32Array, schedule: Uint32Array): void {
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let place = 0; place < 64; place++) {
    const choice = (e & f) ^ (~e & g);
    const first = h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + choice;
    const one = (first + (constants[place] ?? 0) + (schedule[place] ?? 0)) | 0;
    const majority = (a & b) ^ (a & c) ^ (b & c);
    const two = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + majority;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  for (const [place, word] of [a, b, c, d, e, f, g, h].entries()) state[place] = (state[place] ?? 0) + word;
}

function rotated(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

function fraction(root: number): number {
  return Math.floor((root % 1) * 2 ** 32);
}

function firstPrimes(count: number): number[] {
  const primes: number[] = [];
  for (let number = 2; primes.length < count; number++) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number);
  }
  return primes;
}
