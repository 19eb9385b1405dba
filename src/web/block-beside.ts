import type { ChainKind } from '../consensus/engine.ts';
import { limits as workLimits } from '../consensus/work/limits.ts';
import type { BlockEvidence } from '../library/block-check.ts';
import { fetchBlock, fetchBlocks, fetchPool } from './api-client.ts';

/** What a block is checked with, besides itself and the genesis. */
export interface BesideBlock extends Pick<BlockEvidence, 'previous' | 'pool' | 'window'> {
  /** The reason when the server does not have the pool of a draw. */
  readonly whyNoPool: string | undefined;
}

/** Fetches what a block of a chain of this kind is checked with. */
export async function fetchBeside(kind: ChainKind, index: number): Promise<BesideBlock> {
  const nothing = { previous: undefined, pool: undefined, whyNoPool: undefined };
  if (index === 0) return nothing;
  if (kind === 'work') {
    const window = await fetchWindow(index);
    return { ...nothing, previous: window?.at(-1) ?? (await fetchBlock(index - 1)), window };
  }
  const [previous, pool] = await Promise.all([
    fetchBlock(index - 1),
    kind === 'lottery' ? fetchPool(index) : undefined,
  ]);
  if (pool === undefined) return { ...nothing, previous };
  return 'pool' in pool ? { ...nothing, previous, pool: pool.pool } : { ...nothing, previous, whyNoPool: pool.why };
}

/** The blocks that the difficulty of a block comes from; undefined when they cannot be had. */
async function fetchWindow(index: number): Promise<readonly unknown[] | undefined> {
  const count = Math.min(index, workLimits.retargetBlocksMax + 1);
  try {
    const blocks = await fetchBlocks(index - count, count);
    return blocks.length === count ? blocks : undefined;
  } catch {
    return undefined;
  }
}
