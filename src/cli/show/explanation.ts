import { InstantRules } from '../../consensus/instant/instant-rules.ts';
import { type DrawExplanation, explainDraw } from '../../consensus/lottery/draw-explanation.ts';
import { LotteryRules } from '../../consensus/lottery/lottery-rules.ts';
import type { Tip } from '../../consensus/verifier.ts';
import type { Retarget } from '../../consensus/work/difficulty.ts';
import { WorkRules } from '../../consensus/work/work-rules.ts';
import { roundTimeMs } from '../../core/beacon.ts';
import {
  type Beacon,
  type BeaconRound,
  type DrawnBlock,
  type GenesisBlock,
  type InstantBlock,
  isDrawn,
  isGenesis,
  isMined,
  type WorkBlock,
} from '../../core/block.ts';
import { contentHash } from '../../core/block-hash.ts';
import { type TicketHolder, ticketHolders } from '../../core/pool.ts';
import type { VerifiedBlock } from '../chain/chain-audit.ts';

/** A block that holds, with all numbers of its seal recomputed. */
export type Explanation =
  | { readonly kind: 'genesis'; readonly block: GenesisBlock }
  | DrawnExplanation
  | MinedExplanation
  | InstantExplanation;

/** Whose signature a block has. */
export interface Signed {
  readonly chainId: string;
  /** The key that signed it, from block 0. */
  readonly authority: string;
}

/** What a beacon published for a draw. */
interface RoundExplanation extends BeaconRound {
  /** That of the beacon. */
  readonly name: string;
  /** When the round came, as a timestamp. */
  readonly published: string;
}

export interface DrawnExplanation extends Signed, DrawExplanation {
  readonly kind: 'drawn';
  readonly block: DrawnBlock;
  readonly salt: string;
  /** Where its link stands: in a commitment, or in the reveal of the block before. */
  readonly isCommitment: boolean;
  /** What the beacons published for it, in the order of the genesis; none in a chain without beacons. */
  readonly rounds: readonly RoundExplanation[];
  /** In drawing order; undefined where the pool is not there. */
  readonly places: readonly TicketHolder[] | undefined;
}

export interface MinedExplanation {
  readonly kind: 'mined';
  readonly block: WorkBlock;
  /** The hash of all of the block but its nonce: what the search started from. */
  readonly contentHash: string;
  /** How long a block should take. */
  readonly intervalMs: number;
  /** How its difficulty came about. */
  readonly retarget: Retarget;
}

interface InstantExplanation extends Signed {
  readonly kind: 'instant';
  readonly block: InstantBlock;
}

/** Recomputes the seal of a block that holds; `tip` is the chain before it, undefined before the genesis. */
export function explain(tip: Tip | undefined, { block, pool }: VerifiedBlock): Explanation {
  if (isGenesis(block)) return { kind: 'genesis', block };
  if (tip === undefined) throw new Error(`block ${block.Index} has no chain before it`);
  const { seal, chainId, authority = '' } = tip;
  if (isDrawn(block) && seal instanceof LotteryRules) {
    const { salt, links, beacons } = seal;
    return {
      kind: 'drawn',
      block,
      chainId,
      authority,
      salt,
      isCommitment: (block.Index - 1) % links === 0,
      rounds: (block.Draw.Beacons ?? []).map((round, place) => explainRound(round, beacons[place])),
      ...explainDraw(chainId, salt, block),
      places: pool === undefined ? undefined : ticketHolders(pool),
    };
  }
  if (isMined(block) && seal instanceof WorkRules) {
    const { intervalMs, next } = seal;
    return { kind: 'mined', block, contentHash: contentHash(block), intervalMs, retarget: next };
  }
  if (!isMined(block) && seal instanceof InstantRules) return { kind: 'instant', block, chainId, authority };
  throw new Error(`block ${block.Index} is of another kind than its chain`);
}

function explainRound(round: BeaconRound, beacon: Beacon | undefined): RoundExplanation {
  if (beacon === undefined) throw new Error(`no beacon has published round ${round.Round}`);
  // The block holds, so it is a time before the block's own.
  const published = new Date(Number(roundTimeMs(beacon, round.Round))).toISOString();
  return { ...round, name: beacon.Name, published };
}
