import { type DrawnBlock, type GenesisBlock, isDrawn } from '../../core/block.ts';
import { type Attempt, drawAttempts, drawSeed } from '../../core/draw.ts';
import { linkBefore } from '../../core/links.ts';
import type { Candidate, TicketRange } from '../../core/pool.ts';
import type { Tip } from '../../core/verify.ts';
import type { Checked } from './chain-audit.ts';

/** A candidate with the tickets it holds. */
export interface Place {
  readonly candidate: Candidate;
  readonly tickets: TicketRange;
}

/** A block that holds, with all numbers of its draw recomputed. */
export type Explanation =
  | { readonly kind: 'genesis'; readonly block: GenesisBlock }
  | {
      readonly kind: 'drawn';
      readonly block: DrawnBlock;
      readonly genesisHash: string;
      readonly salt: string;
      /** What the reveal hashes back to, and where that stands: a commitment, or the reveal of the block before. */
      readonly link: string;
      readonly isCommitment: boolean;
      readonly seed: string;
      /** How many of the lowest bits of a hash are looked at. */
      readonly bits: number;
      readonly attempts: readonly Attempt[];
      readonly tickets: TicketRange;
      /** In drawing order; undefined where the pool is not there. */
      readonly places: readonly Place[] | undefined;
    };

/** Recomputes the draw of a block that holds; `tip` is the chain before it, undefined before the genesis. */
export function explain(tip: Tip | undefined, { block, pool }: Checked): Explanation {
  if (tip === undefined || !isDrawn(block)) {
    if (isDrawn(block)) throw new Error(`block ${block.Index} has no chain before it`);
    return { kind: 'genesis', block };
  }
  const { Draw, Index } = block;
  const seed = drawSeed(tip.genesisHash, Index, Draw.Reveal);
  const totalStake = BigInt(Draw.TotalStake);
  const first = Draw.Path.reduce((sum, { Side, Stake }) => (Side === 'left' ? sum + BigInt(Stake) : sum), 0n);
  return {
    kind: 'drawn',
    block,
    genesisHash: tip.genesisHash,
    salt: tip.salt,
    link: linkBefore(tip.salt, Index, Draw.Reveal),
    isCommitment: (Index - 1) % tip.links === 0,
    seed,
    bits: totalStake === 1n ? 0 : (totalStake - 1n).toString(2).length,
    attempts: [...drawAttempts(seed, totalStake)],
    tickets: { first, last: first + BigInt(Draw.Stake) - 1n },
    places: pool === undefined ? undefined : placesOf(pool),
  };
}

function placesOf(pool: readonly Candidate[]): readonly Place[] {
  let first = 0n;
  return pool.map((candidate) => {
    const tickets = { first, last: first + candidate.stake - 1n };
    first += candidate.stake;
    return { candidate, tickets };
  });
}
