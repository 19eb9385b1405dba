import type { Parsed } from '../core/json-record.ts';
import type { VerifySignature } from '../core/keys.ts';
import { isSignedCandidate, parseSignedCandidate, type SignedCandidate } from './candidate.ts';

/** What evidence proves: a validator broke the rules in the round of block `index`. */
export interface Offence {
  readonly validator: string;
  readonly index: number;
}

/**
 * Parses the evidence of a report: two candidates of one validator for one block with different BPMs, or one whose BPM is tainted (SPEC 6). Only
 * keys, formats and what the candidates say of each other are checked.
 */
export function parseEvidence(json: unknown): Parsed<readonly SignedCandidate[]> {
  if (!Array.isArray(json) || json.length < 1 || json.length > 2) {
    return { why: 'Evidence must be an array of one tainted candidate, or of two candidates' };
  }
  const candidates: SignedCandidate[] = [];
  for (const entry of json) {
    const parsed = parseSignedCandidate(entry);
    if ('why' in parsed) return { why: `Evidence: ${parsed.why}` };
    candidates.push(parsed.value);
  }
  const [first, second] = candidates;
  if (first === undefined) throw new Error('evidence has at least one candidate');
  if (second === undefined) {
    if (typeof first.BPM === 'string') return { value: candidates };
    return {
      why: `a candidate alone is no evidence unless it is tainted, and the BPM of this one is the number ${first.BPM}`,
    };
  }
  if (first.Validator !== second.Validator)
    return { why: 'the two candidates of Evidence are of different validators' };
  if (first.Index !== second.Index) {
    return { why: `the two candidates of Evidence are for different blocks, ${first.Index} and ${second.Index}` };
  }
  if (first.BPM === second.BPM) return { why: 'the two candidates of Evidence have the same BPM' };
  return { value: candidates };
}

/** The offence that parsed evidence proves, or whose signature does not hold. */
export function findOffence(
  chainId: string,
  evidence: readonly SignedCandidate[],
  verify: VerifySignature,
): Parsed<Offence> {
  const [first] = evidence;
  if (first === undefined) throw new Error('evidence has at least one candidate');
  const isForged = evidence.some((candidate) => !isSignedCandidate(chainId, candidate, verify));
  if (isForged) return { why: `a candidate of Evidence is not signed by its validator for this chain` };
  return { value: { validator: first.Validator, index: first.Index } };
}
