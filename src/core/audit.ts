import { type Block, type DrawnBlock, isDrawn } from './block.ts';
import { limits } from './limits.ts';
import { type Candidate, ticketHolders } from './pool.ts';
import { finished } from './steps.ts';
import { leafNode, SumTree } from './sum-tree.ts';

/** The rules of a pool that a block was drawn from, in the order in which they are checked (SPEC 3). */
export type PoolRule = 'pool-order' | 'pool-size' | 'pool-total' | 'pool-root' | 'pool-winner';

/** The first rule that a pool breaks, and in what. */
export interface PoolFault {
  readonly rule: PoolRule;
  readonly why: string;
}

/**
 * Checks a block that holds (`checkBlock`) against the whole pool that it says it was drawn from: sorted by address, each validator
 * once, as many and as many tokens as the block says, every leaf and node up to its root, and the holder of the ticket is the winner,
 * with the stake and the BPM of its candidate. Undefined when all of that is so. The genesis was drawn from nobody.
 */
export function findPoolFault(block: Block, pool: readonly Candidate[]): PoolFault | undefined {
  if (!isDrawn(block)) {
    return pool.length === 0 ? undefined : { rule: 'pool-size', why: 'the genesis has a pool, but was not drawn' };
  }
  const { Draw } = block;
  const disorder = findDisorder(pool);
  if (disorder !== undefined) return disorder;
  if (pool.length !== Draw.PoolSize) {
    return { rule: 'pool-size', why: `the pool has ${pool.length} candidates, PoolSize is ${Draw.PoolSize}` };
  }
  const total = pool.reduce((sum, { stake }) => sum + stake, 0n);
  if (String(total) !== Draw.TotalStake) {
    return { rule: 'pool-total', why: `the pool has ${total} tokens, TotalStake is ${Draw.TotalStake}` };
  }
  const leaves = pool.map(({ validator, stake, bpm }) => leafNode(validator, stake, bpm));
  const { hash } = finished(SumTree.grow(leaves)).root;
  if (hash !== Draw.PoolRoot) {
    return { rule: 'pool-root', why: `the pool's tree has the root ${hash}, PoolRoot is ${Draw.PoolRoot}` };
  }
  return findOtherWinner(block, pool);
}

function findDisorder(pool: readonly Candidate[]): PoolFault | undefined {
  let before = '';
  for (const { validator, bpm } of pool) {
    if (validator === before) return { rule: 'pool-order', why: `${validator} is in the pool twice` };
    if (validator < before) return { rule: 'pool-order', why: `${validator} stands behind ${before} in the pool` };
    if (!Number.isSafeInteger(bpm) || bpm < 0 || bpm > limits.bpmMax) {
      return { rule: 'pool-order', why: `${validator} has a BPM that is no whole number from 0 to ${limits.bpmMax}` };
    }
    before = validator;
  }
  return undefined;
}

function findOtherWinner(block: DrawnBlock, pool: readonly Candidate[]): PoolFault | undefined {
  const { Draw, Validator, BPM } = block;
  const ticket = BigInt(Draw.Ticket);
  const holder = ticketHolders(pool).find(({ tickets }) => ticket <= tickets.last)?.candidate;
  if (holder?.validator !== Validator) {
    return { rule: 'pool-winner', why: `ticket ${ticket} is held by ${holder?.validator ?? 'nobody'}` };
  }
  if (String(holder.stake) !== Draw.Stake || holder.bpm !== BPM) {
    const why = `the winner's candidate has ${holder.stake} tokens and BPM ${holder.bpm}, the block ${Draw.Stake} and ${BPM}`;
    return { rule: 'pool-winner', why };
  }
  return undefined;
}
