import { beaconSignaturesOf } from '../../core/beacon.ts';
import { type DrawnBlock, winnersTickets } from '../../core/block.ts';
import { type Attempt, drawAttempts, drawSeed, ticketBits } from '../../core/draw.ts';
import { previousLink } from '../../core/hash-chain.ts';
import type { TicketRange } from '../../core/pool.ts';
import { hashUp, leafNode, type SumNode } from '../../core/sum-tree.ts';

/** All numbers of a draw, recomputed from the block that says how it ended (SPEC 3). None of them is compared with anything. */
export interface DrawExplanation {
  /** What the Reveal hashes back to. */
  readonly link: string;
  readonly seed: string;
  /** How many of the lowest bits of a hash are looked at. */
  readonly bits: number;
  /** None where there are no tickets. */
  readonly attempts: readonly Attempt[];
  /** The nodes of the inclusion proof, from the winner's leaf to the root. */
  readonly nodes: readonly [SumNode, ...SumNode[]];
  /** The tickets that the winner holds. */
  readonly tickets: TicketRange;
}

/** Recomputes the numbers of a draw. The block need not hold. */
export function explainDraw(chainId: string, salt: string, block: DrawnBlock): DrawExplanation {
  const { Index, Validator, BPM, Draw } = block;
  const { Reveal, TotalStake, Stake, Path } = Draw;
  const seed = drawSeed(chainId, Index, Reveal, beaconSignaturesOf(block));
  const total = BigInt(TotalStake);
  const leaf = leafNode(Validator, BigInt(Stake), BPM);
  let node = leaf;
  return {
    link: previousLink(salt, Index, Reveal),
    seed,
    bits: ticketBits(total),
    attempts: total < 1n ? [] : [...drawAttempts(seed, total)],
    nodes: [
      leaf,
      ...Path.map((step) => {
        node = hashUp(node, step);
        return node;
      }),
    ],
    tickets: winnersTickets(Draw),
  };
}
