import { leadingZeroBits, meets } from '../consensus/work/difficulty.ts';
import { contentHash, type WorkContent, workHash } from '../core/block-hash.ts';

/** What a number of nonces came to. */
export interface NonceResult {
  readonly tried: number;
  /** The first nonce that holds; undefined where none did. */
  readonly nonce: number | undefined;
  /** The zero bits that the smallest hash began with. */
  readonly bestBits: number;
}

/**
 * Tries nonces from `first` on, at most `count`, in steps: each step tries `perStep` and yields, so that a page stays alive meanwhile. Ends with the
 * first nonce that holds.
 */
export function* tryNonces(
  content: WorkContent,
  { first, count, perStep }: { readonly first: number; readonly count: number; readonly perStep: number },
): Generator<void, NonceResult> {
  const hash = contentHash(content);
  const difficulty = BigInt(content.Work.Difficulty);
  let bestBits = 0;
  for (let tried = 0; tried < count; tried++) {
    if (tried > 0 && tried % perStep === 0) yield;
    const nonce = first + tried;
    const found = workHash(hash, nonce);
    bestBits = Math.max(bestBits, leadingZeroBits(found));
    if (meets(found, difficulty)) return { tried: tried + 1, nonce, bestBits };
  }
  return { tried: count, nonce: undefined, bestBits };
}
