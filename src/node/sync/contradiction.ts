import type { SealedBlock } from '../../core/block.ts';
import { authorityText, blockHash } from '../../core/block-hash.ts';
import type { VerifySignature } from '../../core/keys.ts';

/** Two blocks of one Index that the authority of a chain has signed: it convicts itself. */
export interface Contradiction {
  readonly index: number;
  /** The texts of both, the one that this node has first. */
  readonly blocks: readonly [string, string];
}

/** True where the authority signed another block in the place of one that this node has. That one was verified. */
export function contradicts(
  ours: SealedBlock,
  theirs: SealedBlock,
  { authority, chainId }: { readonly authority: string; readonly chainId: string },
  verifySignature: VerifySignature,
): boolean {
  if (theirs.Index !== ours.Index || theirs.Hash === ours.Hash) return false;
  return isSigned(theirs, { authority, chainId }, verifySignature);
}

/** True for a block with the signature of the authority of a chain. */
export function isSigned(
  block: SealedBlock,
  { authority, chainId }: { readonly authority: string; readonly chainId: string },
  verifySignature: VerifySignature,
): boolean {
  if (block.Hash !== blockHash(block) || !('Signature' in block)) return false;
  return verifySignature(authority, authorityText(chainId, block.Index, block.Hash), block.Signature);
}
