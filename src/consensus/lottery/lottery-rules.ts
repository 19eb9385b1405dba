import { type DrawnBlock, type GenesisBlock, winnersTickets } from '../../core/block.ts';
import { drawSeed, drawTicket } from '../../core/draw.ts';
import { isLastLink, previousLink } from '../../core/hash-chain.ts';
import { hashUp, hasProofShape, leafNode } from '../../core/sum-tree.ts';
import { findPoolFault } from '../../core/verify-pool.ts';
import type { BrokenRule, PoolBeside, SealRules } from '../consensus.ts';

/** What the seal of a drawn block must be: the next link is opened, it draws the ticket, and the winner holds that in the pool (SPEC 3). */
export class LotteryRules implements SealRules<DrawnBlock> {
  readonly chainId: string;
  readonly salt: string;
  /** How many links a series of secrets has. */
  readonly links: number;
  /** The block before. */
  readonly index: number;
  /** What the next reveal must hash back to: the last reveal, or the commitment of a fresh series of secrets. */
  readonly link: string;

  constructor({
    chainId,
    salt,
    links,
    index,
    link,
  }: Pick<LotteryRules, 'chainId' | 'salt' | 'links' | 'index' | 'link'>) {
    this.chainId = chainId;
    this.salt = salt;
    this.links = links;
    this.index = index;
    this.link = link;
  }

  /** The rules for block 1, by the word of the genesis. */
  static afterGenesis({ Hash, Genesis }: GenesisBlock): LotteryRules {
    const { Salt, Commitment, Links } = Genesis.Consensus;
    return new LotteryRules({ chainId: Hash, salt: Salt, links: Links, index: 0, link: Commitment });
  }

  findSealFault(block: DrawnBlock, pool: PoolBeside): BrokenRule | undefined {
    const { Draw } = block;
    const { Reveal, Ticket } = Draw;
    if (previousLink(this.salt, this.index + 1, Reveal) !== this.link) {
      return { rule: 'link', why: 'Reveal does not hash back to the link that was committed to' };
    }
    const totalStake = BigInt(Draw.TotalStake);
    if (totalStake < 1n) return { rule: 'ticket', why: 'TotalStake is 0, and there is no ticket below that' };
    const ticket = drawTicket(drawSeed(this.chainId, this.index + 1, Reveal), totalStake);
    if (Ticket !== String(ticket)) return { rule: 'ticket', why: `Ticket should be ${ticket}` };
    return findPathFault(block) ?? findBesideFault(block, pool) ?? findWinnerFault(block);
  }

  findFinalFault({ Index, NextCommitment }: DrawnBlock): BrokenRule | undefined {
    const isDue = isLastLink(Index, this.links);
    if (isDue && NextCommitment === undefined) {
      return { rule: 'next-commitment', why: 'the last link of a series of secrets needs a NextCommitment' };
    }
    if (!isDue && NextCommitment !== undefined) {
      return { rule: 'next-commitment', why: 'NextCommitment may only stand where a series of secrets ends' };
    }
    return undefined;
  }

  after({ Index, NextCommitment, Draw }: DrawnBlock): LotteryRules {
    return new LotteryRules({ ...this, index: Index, link: NextCommitment ?? Draw.Reveal });
  }
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
