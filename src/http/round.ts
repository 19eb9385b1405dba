import type { DrawnBlock } from '../core/block.ts';
import type { Candidate } from '../core/pool.ts';

/** A round that was drawn, with its candidates in drawing order. */
export interface Round {
  readonly index: number;
  readonly winner: string;
  readonly totalStake: bigint;
  readonly candidates: readonly Candidate[];
}

/** The round of a drawn block, with its candidates. */
export function roundOf({ Index, Validator, Draw }: DrawnBlock, candidates: readonly Candidate[]): Round {
  return { index: Index, winner: Validator, totalStake: BigInt(Draw.TotalStake), candidates };
}
