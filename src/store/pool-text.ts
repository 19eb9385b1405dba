import { limits } from '../core/limits.ts';
import type { Candidate } from '../core/pool.ts';
import { readPool } from '../core/pool-form.ts';
import { DamageError } from '../engine/ports.ts';

/** What stands in the place of a pool that a repair could not read: so a pool that is not there at all is known to be damaged. */
export const leftOut = 'null';

/**
 * A pool as it is stored: a JSON array of `{"Validator":…,"Stake":"…","BPM":…}` in drawing order. Encodes it a piece at a
 * time and gives everybody else a turn in between: at 10,000 candidates it has more than a megabyte.
 */
export async function encodePool(pool: readonly Candidate[], turn: () => Promise<void>): Promise<string> {
  let text = '[';
  for (const [place, { validator, stake, bpm }] of pool.entries()) {
    if (place > 0 && place % limits.encodedPerTurn === 0) await turn();
    text += `${place > 0 ? ',' : ''}${JSON.stringify({ Validator: validator, Stake: String(stake), BPM: bpm })}`;
  }
  return `${text}]`;
}

/** Reads the stored pool of block `index`. Throws a DamageError when it is none. */
export function decodePool(text: string, index: number): readonly Candidate[] {
  const pool = readPool(parsed(text));
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
