import type { GenesisLedger } from '../../core/block.ts';
import { buildGenesis } from '../../core/build-block.ts';
import type { StoredBlock } from '../engine.ts';

/** How a new chain of work begins: the difficulty of its first block, and the time from block to block that the later ones aim at. */
export interface WorkStart {
  readonly kind: 'work';
  readonly difficulty: bigint;
  readonly intervalMs: number;
}

/** The genesis of a new chain of work. */
export function makeWorkGenesis(
  timestamp: string,
  { difficulty, intervalMs }: WorkStart,
  ledger?: GenesisLedger,
): StoredBlock {
  const block = buildGenesis(timestamp, {
    Version: 2,
    Consensus: { Kind: 'work', Difficulty: String(difficulty), IntervalMs: intervalMs },
    ...(ledger === undefined ? {} : { Ledger: ledger }),
  });
  return { block, text: JSON.stringify(block), body: [] };
}
