import { type Candidate, FrozenPool } from '../../core/pool.ts';
import { leafNode, type SumNode } from '../../core/sum-tree.ts';
import type { BlockDraft } from '../../ledger/block-draft.ts';
import type { SignedCandidate } from '../../ledger/candidate.ts';
import type { LedgerToExtend } from '../ledger-to-extend.ts';

/** A closed pool with the stakes that its validators have bonded. */
export interface StakePool {
  readonly pool: FrozenPool;
  /** The signed candidates of the pool, in its order. */
  readonly candidates: readonly SignedCandidate[];
  /** Validators whose candidate is not in the pool, because they have nothing bonded. */
  readonly leftOut: readonly string[];
}

/**
 * Gives the candidates of a closed round the stakes that their validators have bonded after the transactions of the block (SPEC 6). Where none of
 * them has anything bonded, the faucet stands alone with BPM 0. Yields after every candidate.
 */
export function* poolWithStakes(
  closed: FrozenPool,
  draft: BlockDraft,
  ledger: Pick<LedgerToExtend, 'signCandidate' | 'standIn'>,
): Generator<void, StakePool> {
  const pool: Candidate[] = [];
  const leaves: SumNode[] = [];
  const candidates: SignedCandidate[] = [];
  const leftOut: string[] = [];
  const add = (validator: string, stake: bigint, payload: number, signed: Candidate['signed']): void => {
    const isSigned = signed !== undefined && signed.index === draft.index;
    candidates.push(
      isSigned
        ? { Index: draft.index, Validator: validator, BPM: payload, Signature: signed.signature }
        : ledger.signCandidate(validator, draft.index, payload),
    );
    pool.push({ validator, stake, payload });
    leaves.push(leafNode(validator, stake, payload));
  };
  for (const { validator, payload, signed } of closed.candidates) {
    const stake = draft.stakeOf(validator);
    if (stake === 0n) leftOut.push(validator);
    else add(validator, stake, payload, signed);
    yield;
  }
  const standInStake = draft.stakeOf(ledger.standIn);
  if (pool.length === 0 && standInStake > 0n) add(ledger.standIn, standInStake, 0, undefined);
  return { pool: new FrozenPool(pool, leaves), candidates, leftOut };
}
