import { parseAmount } from '../base/amount.ts';
import { isHash } from './hash.ts';
import type { Candidate } from './pool.ts';

/**
 * Reads the JSON value of a pool as it is stored: an array of `{"Validator":…,"Stake":"…","BPM":…}` in drawing order. Undefined when it is
 * none. Whether a block was drawn from it is for `findPoolFault` to say.
 */
export function parsePool(json: unknown): readonly Candidate[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const pool: Candidate[] = [];
  for (const entry of json) {
    const candidate = parseCandidate(entry);
    if (candidate === undefined) return undefined;
    pool.push(candidate);
  }
  return pool;
}

function parseCandidate(json: unknown): Candidate | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  if (!('Validator' in json && 'Stake' in json && 'BPM' in json)) return undefined;
  // Another key would be passed over by one reader and believed by the next.
  if (Object.keys(json).join() !== 'Validator,Stake,BPM') return undefined;
  const { Validator, BPM } = json;
  const stake = parseAmount(json.Stake);
  if (!isHash(Validator) || stake === undefined || typeof BPM !== 'number') return undefined;
  return { validator: Validator, stake, bpm: BPM };
}
