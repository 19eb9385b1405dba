import { parseAmount } from '../base/amount.ts';
import { type Tip, tipAfter } from '../consensus/verifier.ts';
import type { SealedBlock } from '../core/block.ts';
import { blockHash } from '../core/block-hash.ts';
import { parseExact } from '../core/exact-json.ts';
import { isHash, taggedHash } from '../core/hash.ts';
import { parseSealedBlock } from '../core/parse-block.ts';
import { limits } from './limits.ts';
import type { BlockStore } from './ports.ts';

/** A block up to which a store has verified its chain. */
export interface Checkpoint {
  readonly index: number;
  readonly hash: string;
  /** The sum of what the blocks up to it count. */
  readonly weight: bigint;
}

/** A block of a chain as it is stored. */
interface StoredText {
  readonly block: SealedBlock;
  readonly text: string;
}

/** A checkpoint with the newest blocks up to it. */
export interface ReadCheckpoint {
  readonly tip: Tip;
  readonly newest: readonly StoredText[];
}

/** How many blocks are verified at a start at most, beside those that it takes at the word of its checkpoint. */
export function blocksPerCheckpoint({ form }: Tip): number {
  return form.beacons > 0 ? limits.blocksPerBeaconCheckpoint : limits.blocksPerCheckpoint;
}

/** A checkpoint as it is stored, with a sum over what it says, so that a damaged one is none. */
export function checkpointText({ index, hash, weight }: Checkpoint): string {
  const Weight = String(weight);
  return JSON.stringify({ Index: index, Hash: hash, Weight, Sum: taggedHash('checkpoint', index, hash, Weight) });
}

/** Undefined where the text is not one that `checkpointText` made. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const json = parseExact(text);
  if (typeof json !== 'object' || json === null || !('Index' in json && 'Hash' in json && 'Weight' in json))
    return undefined;
  const { Index: index, Hash: hash } = json;
  const weight = parseAmount(json.Weight);
  if (typeof index !== 'number' || !Number.isSafeInteger(index) || !isHash(hash) || weight === undefined)
    return undefined;
  const checkpoint = { index, hash, weight };
  return checkpointText(checkpoint) === text ? checkpoint : undefined;
}

/**
 * The tip at a checkpoint, made from the newest blocks up to it, whose hashes and links must be right: nothing else of them is verified, and nothing of those before.
 * Undefined where the checkpoint is not one of this chain.
 * @param genesis the tip behind the genesis
 */
export async function readCheckpoint(
  store: Pick<BlockStore, 'height' | 'blockRange'>,
  genesis: Tip,
  { index, hash, weight }: Checkpoint,
): Promise<ReadCheckpoint | undefined> {
  if (index > store.height) return undefined;
  const first = Math.max(1, index + 1 - limits.loadedBlocksMax);
  const newest: StoredText[] = [];
  let tip = genesis;
  for (const text of await store.blockRange(first, index)) {
    const parsed = parseSealedBlock(parseExact(text), genesis.form);
    if ('why' in parsed) return undefined;
    const block = parsed.value;
    const isBehind = block.PrevHash === tip.hash || (newest.length === 0 && first > 1);
    if (!isBehind || block.Index !== first + newest.length || block.Hash !== blockHash(block)) return undefined;
    newest.push({ block, text });
    tip = tipAfter(tip, block);
  }
  return tip.index === index && tip.hash === hash ? { tip: { ...tip, weight }, newest } : undefined;
}
