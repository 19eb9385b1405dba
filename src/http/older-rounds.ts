import { isDrawn } from '../core/block.ts';
import { parseBlock } from '../core/parse-block.ts';
import type { Candidate } from '../core/pool.ts';
import { type BlockStore, DamageError } from '../node/ports.ts';
import { limits } from './limits.ts';
import { type Round, roundOf } from './round.ts';

/** Reads stored blocks and pools. */
export type RoundStore = Pick<BlockStore, 'block' | 'pool'>;

/**
 * Reads the stored rounds up to block `height`, newest first: as many as a FairnessHistory keeps, without those whose pools are lost. Ends soon
 * after `closing` was aborted. Throws when a block cannot be read.
 */
export async function* readOlderRounds(store: RoundStore, height: number, closing: AbortSignal): AsyncGenerator<Round> {
  let left: number = limits.candidatesKeptMax;
  for (let index = height; index > 0; index--) {
    const text = await store.block(index);
    const parsed = parseBlock(JSON.parse(text ?? 'null'), index);
    if ('why' in parsed) throw new Error(`block ${index} cannot be read`);
    // In other chains than lotteries there are no rounds.
    if (!isDrawn(parsed.value)) return;
    // Reading a large pool takes time, so one that will not fit is not read.
    left -= parsed.value.Draw.PoolSize;
    if (left < 0 || closing.aborted) return;
    const candidates = await poolOf(store, index);
    // A repaired chain may have lost pools. The expected wins of those draws are not known.
    if (candidates !== undefined) yield roundOf(parsed.value, candidates);
  }
}

/** The pool of a block, or undefined when it is lost or damaged. The server reports damaged pools at its start; here the other rounds are shown. */
async function poolOf(store: RoundStore, index: number): Promise<readonly Candidate[] | undefined> {
  try {
    return await store.pool(index);
  } catch (error) {
    if (error instanceof DamageError) return undefined;
    throw error;
  }
}
