import { isDrawn } from '../core/block.ts';
import { parseBlock } from '../core/parse-block.ts';
import type { Candidate } from '../core/pool.ts';
import { type BlockStore, DamageError } from '../node/ports.ts';
import { limits } from './limits.ts';
import { type Round, roundOf } from './round.ts';

/** The blocks and pools that are stored. */
export type RoundStore = Pick<BlockStore, 'block' | 'pool'>;

/**
 * Reads the stored rounds up to block `height`, newest first: as many as a round book has room for, without those whose pools are lost. Ends
 * soon after `closing` was aborted. Throws when a block cannot be read.
 */
export async function* readOlderRounds(store: RoundStore, height: number, closing: AbortSignal): AsyncGenerator<Round> {
  let left: number = limits.candidatesKeptMax;
  for (let index = height; index > 0; index--) {
    const text = await store.block(index);
    const form = parseBlock(JSON.parse(text ?? 'null'), index);
    if ('why' in form || !isDrawn(form.value)) throw new Error(`block ${index} cannot be read`);
    // Reading a large pool takes a moment: never one that there is no room for.
    left -= form.value.Draw.PoolSize;
    if (left < 0 || closing.aborted) return;
    const candidates = await poolOf(store, index);
    // A repaired chain has lost some: what was to be expected of those draws is not known.
    if (candidates !== undefined) yield roundOf(form.value, candidates);
  }
}

/** A damaged pool is told to the operator at the start; the other rounds are shown. */
async function poolOf(store: RoundStore, index: number): Promise<readonly Candidate[] | undefined> {
  try {
    return await store.pool(index);
  } catch (error) {
    if (error instanceof DamageError) return undefined;
    throw error;
  }
}
