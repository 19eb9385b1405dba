import { ChainVerifier, type Tip } from '../../../src/consensus/verifier.ts';
import type { Block, GenesisBlock } from '../../../src/core/block.ts';
import { buildGenesis } from '../../../src/core/build-block.ts';
import { verifySignature } from '../../core/build-chain.ts';

/** The genesis of a chain of work that begins with this difficulty. */
export function workGenesis(
  difficulty: bigint,
  intervalMs = 10_000,
  timestamp = '2026-01-01T00:00:00.000Z',
): GenesisBlock {
  const consensus = { Kind: 'work', Difficulty: String(difficulty), IntervalMs: intervalMs } as const;
  return buildGenesis(timestamp, { Version: 2, Consensus: consensus });
}

/** The tip of a chain, every block of which must hold. */
export function tipOf(chain: readonly Block[]): Tip {
  const verifier = new ChainVerifier(verifySignature);
  for (const block of chain) {
    const checked = verifier.next(block);
    if ('fault' in checked)
      throw new Error(`block ${checked.fault.index} breaks ${checked.fault.rule}: ${checked.fault.why}`);
  }
  if (verifier.tip === undefined) throw new Error('a chain without blocks has no tip');
  return verifier.tip;
}
