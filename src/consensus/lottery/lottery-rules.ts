import { type DrawnBlock, isDrawn, type LotteryConsensus, type SealedBlock, winnersTickets } from '../../core/block.ts';
import { drawSeed, drawTicket } from '../../core/draw.ts';
import { isLastLink, previousLink } from '../../core/hash-chain.ts';
import { hashUp, hasProofShape, leafNode } from '../../core/sum-tree.ts';
import { findPoolFault } from '../../core/verify-pool.ts';
import type { BrokenRule, PoolBeside, SealRules } from '../consensus.ts';

/** What the seal of a drawn block must be: the next link is opened, it draws the ticket, and the winner holds that in the pool (SPEC 3). */
export class LotteryRules implements SealRules {
  readonly chainId: string;
  readonly salt: string;
  /** How many links a series of secrets has. */
  readonly links: number;
  /** The block before. */
  readonly index: number;
  /** What the next reveal must hash back to: the last reveal, or the commitment of a fresh series of secrets. */
  readonly link: string;

  /** How many beacons the draws wait for. */
  readonly beacons: number;

  constructor({
    chainId,
    salt,
    links,
    index,
    link,
    beacons,
  }: Pick<LotteryRules, 'chainId' | 'salt' | 'links' | 'index' | 'link' | 'beacons'>) {
    this.chainId = chainId;
    this.salt = salt;
    this.links = links;
    this.index = index;
    this.link = link;
    this.beacons = beacons;
  }

  /** The rules for block 1, by the word of the genesis. */
  static afterGenesis(chainId: string, { Salt, Commitment, Links }: LotteryConsensus, beacons: number): LotteryRules {
    return new LotteryRules({ chainId, salt: Salt, links: Links, index: 0, link: Commitment, beacons });
  }

  findSealFault(block: SealedBlock, pool: PoolBeside): BrokenRule | undefined {
    const drawn = expectDrawn(block);
    const { Draw } = drawn;
    const { Reveal, Ticket, Beacons = [] } = Draw;
    if (previousLink(this.salt, this.index + 1, Reveal) !== this.link) {
      return { rule: 'link', why: 'Reveal does not hash back to the link that was committed to' };
    }
    // A draw is only as good as what it waited for: a chain is not to be called valid by a program that cannot say so.
    if (this.beacons > 0)
      return {
        rule: 'beacon',
        why: 'this version cannot verify the signatures of beacons, so nobody knows whether it holds',
      };
    const totalStake = BigInt(Draw.TotalStake);
    if (totalStake < 1n) return { rule: 'ticket', why: 'TotalStake is 0, and there is no ticket below that' };
    const signatures = Beacons.map(({ Signature }) => Signature);
    const ticket = drawTicket(drawSeed(this.chainId, this.index + 1, Reveal, signatures), totalStake);
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
    const { Index, NextCommitment, Draw } = expectDrawn(block);
    return new LotteryRules({ ...this, index: Index, link: NextCommitment ?? Draw.Reveal });
  }
}

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
