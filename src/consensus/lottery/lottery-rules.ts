import { beaconSignaturesOf } from '../../core/beacon.ts';
import {
  type Beacon,
  type DrawnBlock,
  type GenesisBlock,
  isDrawn,
  type LotteryConsensus,
  type SealedBlock,
  winnersTickets,
} from '../../core/block.ts';
import { drawSeed, drawTicket } from '../../core/draw.ts';
import { isLastLink, previousLink } from '../../core/hash-chain.ts';
import { hashUp, hasProofShape, leafNode } from '../../core/sum-tree.ts';
import { findPoolFault } from '../../core/verify-pool.ts';
import type { BesideSeal, BrokenRule, PoolBeside, SealRules, Verifiers } from '../consensus.ts';
import { type BeaconPlace, findBeaconFault } from './beacon-rule.ts';

/**
 * What the seal of a drawn block must be: the next link is opened, its beacons have spoken, it draws the ticket, and the winner holds that in the
 * pool (SPEC 3, 5).
 */
export class LotteryRules implements SealRules, BeaconPlace {
  readonly chainId: string;
  readonly salt: string;
  /** How many links a series of secrets has. */
  readonly links: number;
  /** The key that signs sealed pools. */
  readonly authority: string;
  /** The beacons that the draws wait for, in the order of the genesis. */
  readonly beacons: readonly Beacon[];
  /** The block before. */
  readonly index: number;
  readonly timestamp: string;
  /** The rounds of the beacons in the block before; none at the genesis. */
  readonly rounds: readonly number[];
  /** What the next reveal must hash back to: the last reveal, or the commitment of a fresh series of secrets. */
  readonly link: string;

  constructor(fields: LotteryFields) {
    this.chainId = fields.chainId;
    this.salt = fields.salt;
    this.links = fields.links;
    this.authority = fields.authority;
    this.beacons = fields.beacons;
    this.index = fields.index;
    this.timestamp = fields.timestamp;
    this.rounds = fields.rounds;
    this.link = fields.link;
  }

  /** The rules for block 1, by the word of the genesis. */
  static afterGenesis({ Hash, Timestamp, Genesis }: GenesisBlock, consensus: LotteryConsensus): LotteryRules {
    return new LotteryRules({
      chainId: Hash,
      salt: consensus.Salt,
      links: consensus.Links,
      authority: 'Authority' in Genesis ? Genesis.Authority : '',
      beacons: 'Beacons' in Genesis ? (Genesis.Beacons ?? []) : [],
      index: 0,
      timestamp: Timestamp,
      rounds: [],
      link: consensus.Commitment,
    });
  }

  *findSealFault(
    block: SealedBlock,
    { pool, seal }: BesideSeal,
    verifiers: Verifiers,
  ): Generator<void, BrokenRule | undefined> {
    const drawn = expectDrawn(block);
    const { Draw } = drawn;
    const { Reveal, Ticket } = Draw;
    if (previousLink(this.salt, this.index + 1, Reveal) !== this.link) {
      return { rule: 'link', why: 'Reveal does not hash back to the link that was committed to' };
    }
    const why = yield* findBeaconFault(this, drawn, seal, verifiers);
    if (why !== undefined) return { rule: 'beacon', why };
    const totalStake = BigInt(Draw.TotalStake);
    if (totalStake < 1n) return { rule: 'ticket', why: 'TotalStake is 0, and there is no ticket below that' };
    const ticket = drawTicket(drawSeed(this.chainId, this.index + 1, Reveal, beaconSignaturesOf(drawn)), totalStake);
    if (Ticket !== String(ticket)) return { rule: 'ticket', why: `Ticket should be ${ticket}` };
    return findPathFault(drawn) ?? findBesideFault(drawn, pool) ?? findWinnerFault(drawn);
  }

  findFinalFault(block: SealedBlock): BrokenRule | undefined {
    const { Index, NextCommitment } = expectDrawn(block);
    const isDue = isLastLink(Index, this.links);
    if (isDue && NextCommitment === undefined) {
      return { rule: 'next-commitment', why: 'the last link of a series of secrets needs a NextCommitment' };
    }
    if (!isDue && NextCommitment !== undefined) {
      return { rule: 'next-commitment', why: 'NextCommitment may only stand where a series of secrets ends' };
    }
    return undefined;
  }

  /** There is one chain only: what its authority signs. A longer one is further. */
  weightOf(): bigint {
    return 1n;
  }

  after(block: SealedBlock): LotteryRules {
    const { Index, Timestamp, NextCommitment, Draw } = expectDrawn(block);
    const rounds = (Draw.Beacons ?? []).map(({ Round }) => Round);
    return new LotteryRules({
      ...this,
      index: Index,
      timestamp: Timestamp,
      rounds,
      link: NextCommitment ?? Draw.Reveal,
    });
  }
}

type LotteryFields = Pick<
  LotteryRules,
  'chainId' | 'salt' | 'links' | 'authority' | 'beacons' | 'index' | 'timestamp' | 'rounds' | 'link'
>;

function expectDrawn(block: SealedBlock): DrawnBlock {
  if (!isDrawn(block)) throw new Error(`block ${block.Index} of a lottery was not drawn`);
  return block;
}

/** Some leaf of a tree of PoolSize leaves must have exactly these Sides, and lead to PoolRoot and TotalStake. */
function findPathFault({ Validator, BPM, Draw }: DrawnBlock): BrokenRule | undefined {
  const rule = 'path';
  const { Path, PoolSize, PoolRoot, TotalStake, Stake } = Draw;
  if (!hasProofShape(Path, PoolSize)) return { rule, why: `Path does not exist in a tree of ${PoolSize} leaves` };
  const root = Path.reduce(hashUp, leafNode(Validator, BigInt(Stake), BPM));
  if (String(root.sum) !== TotalStake) return { rule, why: `Path leads to ${root.sum} tokens, not to TotalStake` };
  if (root.hash !== PoolRoot) return { rule, why: `Path leads to ${root.hash}, not to PoolRoot` };
  return undefined;
}

function findBesideFault(block: DrawnBlock, pool: PoolBeside): BrokenRule | undefined {
  if (pool === undefined) return undefined;
  const why = 'why' in pool ? pool.why : findPoolFault(block, pool);
  return why === undefined ? undefined : { rule: 'path', why };
}

function findWinnerFault({ Draw }: DrawnBlock): BrokenRule | undefined {
  const ticket = BigInt(Draw.Ticket);
  const { first, last } = winnersTickets(Draw);
  if (first <= ticket && ticket <= last) return undefined;
  return { rule: 'winner', why: `Ticket ${ticket} is not one of the winner's, ${first} to ${last}` };
}
