import { parsePool } from '../core/parse-pool.ts';
import type { Candidate } from '../core/pool.ts';
import { DamageError } from '../node/ports.ts';
import { limits } from './limits.ts';

/** What stands in the place of a pool that a repair could not read: so a pool that is not there at all is known to be damaged. */
export const leftOut = 'null';

/**
 * A pool as it is stored: a JSON array of `{"Validator":…,"Stake":"…","BPM":…}` in drawing order. Made in steps: at 10,000 candidates it has
 * more than a megabyte. Its bytes are put together and not its strings: those are joined only when they are written, all at once.
 */
export function* encodePool(pool: readonly Candidate[]): Generator<void, string> {
  const pieces: Buffer[] = [];
  for (let first = 0; first < pool.length; first += limits.encodedPerStep) {
    const entries = pool.slice(first, first + limits.encodedPerStep).map(encodeCandidate);
    pieces.push(Buffer.from(`${first === 0 ? '' : ','}${entries.join(',')}`, 'latin1'));
    yield;
  }
  return Buffer.concat([Buffer.from('['), ...pieces, Buffer.from(']')]).toString('latin1');
}

/** An address is hex digits: nothing here needs an escape, or more than ASCII. */
function encodeCandidate({ validator, stake, bpm }: Candidate): string {
  return `{"Validator":"${validator}","Stake":"${stake}","BPM":${bpm}}`;
}

/** Reads the stored pool of block `index`. Throws a DamageError when it is none. */
export function decodePool(text: string, index: number): readonly Candidate[] {
  const pool = parsePool(parsed(text));
  if (pool === undefined) throw new DamageError(`the pool of block ${index} is no array of candidates`);
  return pool;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
