import { parsePool } from '../core/parse-pool.ts';
import type { Candidate } from '../core/pool.ts';
import { DamageError } from '../node/ports.ts';
import { limits } from './limits.ts';

/** Stored in place of a pool that a repair could not read. So a pool that is missing altogether is known to be damage. */
export const lostPoolText = 'null';

/**
 * Encodes a pool for the store: the bytes of a JSON array of `{"Validator":…,"Stake":"…","BPM":…}` in drawing order. It is made in steps,
 * because 10,000 candidates are more than a megabyte. Bytes and not a string: V8 would flatten joined strings all at once, and the database
 * would copy a long string out of V8 character by character, which blocks the event loop for more than 10 ms.
 */
export function* encodePool(pool: readonly Candidate[]): Generator<void, Buffer> {
  const pieces: Buffer[] = [Buffer.from('[')];
  for (let first = 0; first < pool.length; first += limits.encodedPerStep) {
    if (first > 0) yield;
    const entries = pool.slice(first, first + limits.encodedPerStep).map(encodeCandidate);
    pieces.push(Buffer.from(`${first === 0 ? '' : ','}${entries.join(',')}`, 'latin1'));
  }
  pieces.push(Buffer.from(']'));
  return Buffer.concat(pieces);
}

/** Addresses are hex digits and amounts are digits, so nothing needs an escape, or more than ASCII. */
function encodeCandidate({ validator, stake, payload }: Candidate): string {
  return `{"Validator":"${validator}","Stake":"${stake}","BPM":${payload}}`;
}

/** Decodes the stored pool of block `index`. Throws a DamageError when the text is not a pool. */
export function decodePool(text: string, index: number): readonly Candidate[] {
  const pool = parsePool(parseJson(text));
  if (pool === undefined) throw new DamageError(`the pool of block ${index} is no array of candidates`);
  return pool;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
