import type { Tip } from '../../consensus/verifier.ts';
import { type DrawnBlock, type GenesisBlock, isDrawn, winnersTickets } from '../../core/block.ts';
import { type Attempt, drawAttempts, drawSeed, ticketBits } from '../../core/draw.ts';
import { previousLink } from '../../core/hash-chain.ts';
import { type TicketHolder, type TicketRange, ticketHolders } from '../../core/pool.ts';
import type { VerifiedBlock } from '../chain/chain-audit.ts';

/** A block that holds, with all numbers of its draw recomputed. */
export type Explanation =
  | { readonly kind: 'genesis'; readonly block: GenesisBlock }
  | {
      readonly kind: 'drawn';
      readonly block: DrawnBlock;
      readonly chainId: string;
      /** The key that signed it, from block 0. */
      readonly authority: string;
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
      readonly places: readonly TicketHolder[] | undefined;
    };

/** Recomputes the draw of a block that holds; `tip` is the chain before it, undefined before the genesis. */
export function explain(tip: Tip | undefined, { block, pool }: VerifiedBlock): Explanation {
  if (tip === undefined || !isDrawn(block)) {
    if (isDrawn(block)) throw new Error(`block ${block.Index} has no chain before it`);
    return { kind: 'genesis', block };
  }
  const { Draw, Index } = block;
  const seed = drawSeed(tip.chainId, Index, Draw.Reveal);
  const totalStake = BigInt(Draw.TotalStake);
  return {
    kind: 'drawn',
    block,
    chainId: tip.chainId,
    authority: tip.authority,
    salt: tip.seal.salt,
    link: previousLink(tip.seal.salt, Index, Draw.Reveal),
    isCommitment: (Index - 1) % tip.seal.links === 0,
    seed,
    bits: ticketBits(totalStake),
    attempts: [...drawAttempts(seed, totalStake)],
    tickets: winnersTickets(Draw),
    places: pool === undefined ? undefined : ticketHolders(pool),
  };
}
