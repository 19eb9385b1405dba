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
  const { Index, Hash } = theirs;
  if (Index !== ours.Index || Hash === ours.Hash || Hash !== blockHash(theirs) || !('Signature' in theirs))
    return false;
  return verifySignature(authority, authorityText(chainId, Index, Hash), theirs.Signature);
}
