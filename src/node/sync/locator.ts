import { limits } from './limits.ts';
import type { StoredBlocks } from './stored-lines.ts';

/**
 * The hashes by which a peer finds where its chain parts from ours: those of the last blocks, then twice as far back each time, and that of the
 * genesis.
 */
export async function locatorOf(store: Pick<StoredBlocks, 'height' | 'blockRange'>): Promise<readonly string[]> {
  const hashes: string[] = [];
  let back = 0;
  for (let step = 1; store.height - back > 0; step *= hashes.length < limits.locatorDenseHashes ? 1 : 2) {
    hashes.push(await hashAt(store, store.height - back));
    back += step;
  }
  return [...hashes, await hashAt(store, 0)];
}

async function hashAt(store: Pick<StoredBlocks, 'blockRange'>, index: number): Promise<string> {
  const [text] = await store.blockRange(index, index);
  const block: unknown = JSON.parse(text ?? 'null');
  if (typeof block === 'object' && block !== null && 'Hash' in block && typeof block.Hash === 'string')
    return block.Hash;
  throw new Error(`block ${index} is not stored`);
}
