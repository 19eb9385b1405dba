import { parseAmount } from '../base/amount.ts';
import { isHash } from './hash.ts';
import type { Candidate } from './pool.ts';

/**
 * Parses the JSON value of a stored pool: an array of `{"Validator":…,"Stake":"…","BPM":…}` in drawing order. Returns undefined for anything
 * else. `findPoolFault` checks whether a block was drawn from it.
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
  // One reader would ignore an additional key, and the next would believe it.
  if (Object.keys(json).join() !== 'Validator,Stake,BPM') return undefined;
  const { Validator, BPM } = json;
  const stake = parseAmount(json.Stake);
  if (!isHash(Validator) || stake === undefined || typeof BPM !== 'number') return undefined;
  return { validator: Validator, stake, payload: BPM };
}
