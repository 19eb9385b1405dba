import type { Fault } from '../consensus/verifier.ts';
import { verifyChain } from '../library/verify-chain.ts';

/** The result of checking the whole chain: the number of valid blocks, and the first fault. */
export interface ChainCheckResult {
  readonly blocks: number;
  readonly fault: Fault | undefined;
}

export interface ChainCheckOptions {
  /** Fetches blocks from an index on, at most `limit`; an empty list at the end of the chain. */
  readonly fetchBlocks: (from: number, limit: number) => Promise<readonly unknown[]>;
  readonly blocksPerFetch: number;
  /** Called after every batch. */
  readonly progress: (blocks: number) => void;
}

/** Checks the chain from its genesis on, up to the first fault, with the rules that the server itself applies. */
export async function checkChain(options: ChainCheckOptions): Promise<ChainCheckResult> {
  const { blocks, fault } = await verifyChain(fetchedBlocks(options));
  return { blocks, fault };
}

/** Fetches the next batch when all blocks of the last one have been checked. */
async function* fetchedBlocks({ fetchBlocks, blocksPerFetch, progress }: ChainCheckOptions): AsyncGenerator<unknown> {
  for (let fetched = 0; ; ) {
    const batch = await fetchBlocks(fetched, blocksPerFetch);
    yield* batch;
    fetched += batch.length;
    progress(fetched);
    if (batch.length < blocksPerFetch) return;
  }
}
