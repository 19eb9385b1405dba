import { limits } from '../core/limits.ts';
import type { Candidate } from '../core/pool.ts';
import { readPool } from '../core/pool-form.ts';

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

/** Reads a stored pool; throws when it is not one. */
export function decodePool(text: string): readonly Candidate[] {
  const pool = readPool(JSON.parse(text));
  if (pool === undefined) throw new Error('a stored pool is no array of candidates');
  return pool;
}
