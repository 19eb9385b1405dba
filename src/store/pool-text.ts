import { parseAmount } from '../core/amount.ts';
import { isHash } from '../core/hash.ts';
import { limits } from '../core/limits.ts';
import type { Candidate } from '../core/pool.ts';

/**
 * A pool as it is stored: a JSON array of `{"Validator":…,"Stake":"…","BPM":…}` in drawing order. Encodes it a piece at a
 * time and gives everybody else a turn in between: at 10,000 candidates it has more than a megabyte.
 */
export async function encodePool(pool: readonly Candidate[], turn: () => Promise<void>): Promise<string> {
  let text = '[';
  for (const [place, { validator, stake, bpm }] of pool.entries()) {
    if (place > 0 && place % limits.hashesPerTurn === 0) await turn();
    text += `${place > 0 ? ',' : ''}${JSON.stringify({ Validator: validator, Stake: String(stake), BPM: bpm })}`;
  }
  return `${text}]`;
}

/** Reads a stored pool; throws when it is not one. */
export function decodePool(text: string): readonly Candidate[] {
  return readPool(JSON.parse(text));
}

/** Reads the JSON value of a pool; throws when it is not one. Whether a block was drawn from it is for others to say. */
export function readPool(json: unknown): readonly Candidate[] {
  if (!Array.isArray(json)) throw new Error('a stored pool must be an array');
  return json.map(decodeCandidate);
}

function decodeCandidate(json: unknown): Candidate {
  if (typeof json === 'object' && json !== null && 'Validator' in json && 'Stake' in json && 'BPM' in json) {
    const { Validator, BPM } = json;
    const stake = parseAmount(json.Stake);
    if (isHash(Validator) && stake !== undefined && typeof BPM === 'number') {
      return { validator: Validator, stake, bpm: BPM };
    }
  }
  throw new Error('a stored pool has an entry that is not a candidate');
}
