import type { DrawnBlock, Genesis, InstantBlock, SealedBlock, Work, WorkBlock } from './block.ts';
import { taggedHash, taggedText } from './hash.ts';

/** A drawn block without Hash and Signature: the content that is hashed. */
export type DrawnContent = Omit<DrawnBlock, 'Hash' | 'Signature'>;
/** The same of an instant block. */
export type InstantContent = Omit<InstantBlock, 'Hash' | 'Signature'>;
/** A work block without Hash and Work.Nonce: the content that a nonce is searched for. */
export type WorkContent = Omit<WorkBlock, 'Hash' | 'Work'> & { readonly Work: Pick<Work, 'Difficulty'> };
/** What of a block the tag `block` hashes (SPEC 4). */
export type BlockContent = DrawnContent | InstantContent | WorkContent;

/** ChainId = genesis Hash = H("genesis", Timestamp, Genesis). */
export function genesisHash(timestamp: string, genesis: Genesis): string {
  return taggedHash('genesis', timestamp, genesis);
}

/** The text whose SHA-256 is the Hash of the genesis. */
export function genesisText(timestamp: string, genesis: Genesis): string {
  return taggedText('genesis', timestamp, genesis);
}

/** What the Hash of this block must be, computed from all its other fields. */
export function blockHash(
  block: Omit<DrawnBlock, 'Hash'> | Omit<WorkBlock, 'Hash'> | Omit<InstantBlock, 'Hash'>,
): string {
  return 'Work' in block ? workHash(contentHash(block), block.Work.Nonce) : contentHash(block);
}

/** The text whose SHA-256 is the Hash of a block. That of a work block has the hash of its content in it. */
export function blockText(block: SealedBlock): string {
  return 'Work' in block ? workText(contentHash(block), block.Work.Nonce) : contentText(block);
}

/** H("block", the content): the Hash of a drawn and of an instant block, and what the search for a work block starts from. */
export function contentHash(content: BlockContent): string {
  return taggedHash('block', ordered(content));
}

/** The text whose SHA-256 is `contentHash`. */
export function contentText(content: BlockContent): string {
  return taggedText('block', ordered(content));
}

/** Hash of a work block = H("work", the hash of its content, Nonce). */
export function workHash(contentHash: string, nonce: number): string {
  return taggedHash('work', contentHash, nonce);
}

/** The text whose SHA-256 is `workHash`: only its end depends on the nonce. */
function workText(contentHash: string, nonce: number): string {
  return taggedText('work', contentHash, nonce);
}

/** What stands before and behind the nonce in the text whose SHA-256 is `workHash`. */
export function workTextAround(contentHash: string): { readonly prefix: string; readonly suffix: string } {
  const text = workText(contentHash, 0);
  const suffix = ']';
  return { prefix: text.slice(0, -`0${suffix}`.length), suffix };
}

/** The text that the authority signs for a block: T("authority", ChainId, Index, Hash). */
export function authorityText(chainId: string, index: number, hash: string): string {
  return taggedText('authority', chainId, index, hash);
}

/** The content of a block or of a block to be, its keys in the order of SPEC 4. */
function ordered(content: BlockContent): object {
  const { Index, Timestamp, BPM, PrevHash, Validator, Ledger } = content;
  return {
    ...{ Index, Timestamp, BPM, PrevHash, Validator },
    ...('Draw' in content ? { Draw: content.Draw } : {}),
    ...('Work' in content ? { Work: { Difficulty: content.Work.Difficulty } } : {}),
    ...(Ledger === undefined ? {} : { Ledger }),
    ...('NextCommitment' in content ? { NextCommitment: content.NextCommitment } : {}),
  };
}
