import { runToEnd } from '../base/run-to-end.ts';
import { type Block, isDrawn } from './block.ts';
import { limits } from './limits.ts';
import type { Candidate } from './pool.ts';
import { leafNode, SumTree } from './sum-tree.ts';

/**
 * Checks the whole pool of a block against the block: sorted by address, each validator once, PoolSize candidates, TotalStake tokens, and the
 * root of its tree. Returns what is wrong, undefined when nothing is. That the winner is in this pool at the leaf of its inclusion proof follows
 * from the root. A block that was not drawn, such as the genesis, must have no pool.
 */
export function findPoolFault(block: Block, pool: readonly Candidate[]): string | undefined {
  if (!isDrawn(block)) return pool.length === 0 ? undefined : `block ${block.Index} has a pool, but was not drawn`;
  const { Draw } = block;
  const disorder = findDisorder(pool);
  if (disorder !== undefined) return disorder;
  if (pool.length !== Draw.PoolSize) {
    return `the pool has ${pool.length} candidates, PoolSize is ${Draw.PoolSize}`;
  }
  const total = pool.reduce((sum, { stake }) => sum + stake, 0n);
  if (String(total) !== Draw.TotalStake) return `the pool has ${total} tokens, TotalStake is ${Draw.TotalStake}`;
  const leaves = pool.map(({ validator, stake, payload }) => leafNode(validator, stake, payload));
  const { hash } = runToEnd(SumTree.grow(leaves)).root;
  return hash === Draw.PoolRoot ? undefined : `the pool's tree has the root ${hash}, PoolRoot is ${Draw.PoolRoot}`;
}

function findDisorder(pool: readonly Candidate[]): string | undefined {
  let before = '';
  for (const { validator, payload } of pool) {
    if (validator === before) return `${validator} is in the pool twice`;
    if (validator < before) return `${validator} stands behind ${before} in the pool`;
    if (!Number.isSafeInteger(payload) || payload < 0 || payload > limits.bpmMax) {
      return `${validator} has a BPM that is no whole number from 0 to ${limits.bpmMax}`;
    }
    before = validator;
  }
  return undefined;
}
