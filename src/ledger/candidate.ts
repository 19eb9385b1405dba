import { isHash, taggedText } from '../core/hash.ts';
import { accepted, isWhole, type Parsed, parseRecord } from '../core/json-record.ts';
import { isSignature, type Signer, type VerifySignature } from '../core/keys.ts';
import { limits as coreLimits } from '../core/limits.ts';
import { limits } from './limits.ts';

/**
 * A BPM that its validator has signed for one block (SPEC 6). With a text instead of a number it is tainted: what a person typed who was slashed
 * for it. Its keys stand in the order of the format.
 */
export interface SignedCandidate {
  readonly Index: number;
  readonly Validator: string;
  readonly BPM: number | string;
  readonly Signature: string;
}

/** A candidate before it is signed. */
type CandidateContent = Omit<SignedCandidate, 'Signature'>;

/** The text that a validator signs for a candidate: T("candidate", ChainId, the candidate without Signature). */
function candidateText(chainId: string, { Index, Validator, BPM }: CandidateContent): string {
  return taggedText('candidate', chainId, { Index, Validator, BPM });
}

/** Signs a BPM, or a tainted one, for block `index`. */
export function signCandidate(
  chainId: string,
  index: number,
  bpm: number | string,
  validator: Signer,
): SignedCandidate {
  const content = { Index: index, Validator: validator.key, BPM: bpm };
  return { ...content, Signature: validator.sign(candidateText(chainId, content)) };
}

/** True when the validator of a candidate signed it for this chain. */
export function isSignedCandidate(chainId: string, candidate: SignedCandidate, verify: VerifySignature): boolean {
  return verify(candidate.Validator, candidateText(chainId, candidate), candidate.Signature);
}

/** Parses a signed candidate, tainted or not. Only keys and formats are checked. */
export function parseSignedCandidate(json: unknown): Parsed<SignedCandidate> {
  const parsed = parseRecord('a candidate', json, { all: ['Index', 'Validator', 'BPM', 'Signature'] });
  if ('why' in parsed) return parsed;
  const { Index, Validator, BPM, Signature } = parsed.value;
  if (!isWhole(Index, 0)) return { why: `Index of a candidate ${accepted.whole(0)}` };
  if (!isHash(Validator)) return { why: `Validator of a candidate ${accepted.hex(64)}` };
  if (!isWhole(BPM, 0, coreLimits.bpmMax) && !isTainted(BPM)) {
    return {
      why: `BPM of a candidate must be a whole number from 0 to ${coreLimits.bpmMax}, or, where it is tainted, a text of 1 to ${limits.taintedCharactersMax} printable ASCII characters`,
    };
  }
  if (!isSignature(Signature)) return { why: `Signature of a candidate ${accepted.hex(128)}` };
  return { value: { Index, Validator, BPM, Signature } };
}

function isTainted(bpm: unknown): bpm is string {
  return typeof bpm === 'string' && bpm.length <= limits.taintedCharactersMax && /^[ -~]+$/.test(bpm);
}
