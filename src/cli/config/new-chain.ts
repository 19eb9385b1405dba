import type { NewChain } from '../../node/open-engine.ts';
import type { Config } from './config.ts';
import { initialOf } from './setting.ts';

/** What a new chain is to be; undefined for a lottery. */
export function newChainOf({ consensus, difficulty, workIntervalMs }: Config): NewChain | undefined {
  if (consensus === 'work') return { kind: consensus, difficulty, intervalMs: workIntervalMs };
  return consensus === 'instant' ? { kind: consensus } : undefined;
}

/** What each block of a new ledger brings into being. */
export function newRewardOf({ reward = BigInt(initialOf('REWARD')) }: Config): bigint {
  return reward;
}
