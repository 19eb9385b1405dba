import { type Block, blockHash, type DrawnBlock, type GenesisBlock, genesisHash, winnersTickets } from './block.ts';
import { drawSeed, drawTicket } from './draw.ts';
import { readBlock, readGenesisBlock } from './form.ts';
import { isLastLink, linkBefore } from './links.ts';
import { climb, isPathShape, leafNode } from './sum-tree.ts';

/** The rules of a chain that holds, in the order in which they are checked (SPEC 4). */
export type Rule =
  | 'form'
  | 'index'
  | 'prev-hash'
  | 'hash'
  | 'link'
  | 'ticket'
  | 'path'
  | 'winner'
  | 'timestamp'
  | 'next-commitment';

/** The first rule that a chain breaks. `index` is the block's place in the chain, whatever the block itself says. */
export interface Fault {
  readonly index: number;
  readonly rule: Rule;
  readonly why: string;
}

/** All that must be known of a chain that holds so far in order to check the block that comes next. */
export interface Tip {
  readonly index: number;
  readonly hash: string;
  readonly timestamp: string;
  readonly genesisHash: string;
  readonly salt: string;
  readonly links: number;
  /** What the next reveal must hash back to: the last reveal, or the commitment of a fresh chain of secrets. */
  readonly link: string;
}

/** A block that was checked, with the tip that it makes; or the rule that it breaks. */
export type Checked = { readonly block: Block; readonly tip: Tip } | { readonly fault: Fault };

/**
 * Checks the block after `tip`, or a genesis when there is no tip yet. The block may come from anybody: every field
 * that can be recomputed is, and none is trusted. Cost: a hash or two and one for each level of the winner's tree.
 */
export function checkBlock(tip: Tip | undefined, json: unknown): Checked {
  if (tip === undefined) return checkGenesis(json);
  const index = tip.index + 1;
  const form = readBlock(json, index);
  if ('why' in form) return broken(index, 'form', form.why);
  const block = form.value;
  if (!('Draw' in block)) return broken(index, 'form', 'only block 0 is a genesis');

  const fault = findBlockFault(tip, block);
  if (fault !== undefined) return { fault: { index, ...fault } };
  return { block, tip: tipAfter(tip, block) };
}

/** The tip that a block says it makes of the one before it. Nothing is checked. */
export function tipAfter(tip: Tip, { Index, Hash, Timestamp, NextCommitment, Draw }: DrawnBlock): Tip {
  return { ...tip, index: Index, hash: Hash, timestamp: Timestamp, link: NextCommitment ?? Draw.Reveal };
}

/** The tip that a genesis says it makes. Nothing is checked. */
export function tipOfGenesis({ Hash, Timestamp, Genesis }: GenesisBlock): Tip {
  const { Salt, Links, Commitment } = Genesis;
  return {
    index: 0,
    hash: Hash,
    timestamp: Timestamp,
    genesisHash: Hash,
    salt: Salt,
    links: Links,
    link: Commitment,
  };
}

/** The first fault of a whole chain, given block by block from the genesis; undefined when it holds. */
export function findFault(chain: Iterable<unknown>): Fault | undefined {
  let tip: Tip | undefined;
  for (const json of chain) {
    const checked = checkBlock(tip, json);
    if ('fault' in checked) return checked.fault;
    tip = checked.tip;
  }
  return tip === undefined ? { index: 0, rule: 'form', why: 'an empty chain has no genesis' } : undefined;
}

function checkGenesis(json: unknown): Checked {
  const form = readGenesisBlock(json);
  if ('why' in form) return broken(0, 'form', form.why);
  const block = form.value;
  const { Timestamp, Hash, Genesis } = block;
  const hash = genesisHash(Timestamp, Genesis);
  if (Hash !== hash) return broken(0, 'hash', `Hash should be ${hash}`);
  return { block, tip: tipOfGenesis(block) };
}

function findBlockFault(tip: Tip, block: DrawnBlock): Omit<Fault, 'index'> | undefined {
  const { Draw } = block;
  const index = tip.index + 1;
  if (block.Index !== index)
    return { rule: 'index', why: `Index is ${block.Index}, the block before has ${tip.index}` };
  if (block.PrevHash !== tip.hash) return { rule: 'prev-hash', why: `PrevHash is not the Hash of block ${tip.index}` };

  const hash = blockHash(block);
  if (block.Hash !== hash) return { rule: 'hash', why: `Hash should be ${hash}` };

  if (linkBefore(tip.salt, index, Draw.Reveal) !== tip.link) {
    return { rule: 'link', why: 'Reveal does not hash back to the link that was committed to' };
  }

  const totalStake = BigInt(Draw.TotalStake);
  const ticket = drawTicket(drawSeed(tip.genesisHash, index, Draw.Reveal), totalStake);
  if (Draw.Ticket !== String(ticket)) return { rule: 'ticket', why: `Ticket should be ${ticket}` };

  if (!isPathShape(Draw.Path, Draw.PoolSize)) {
    return { rule: 'path', why: `Path does not exist in a tree of ${Draw.PoolSize} leaves` };
  }
  const root = Draw.Path.reduce(climb, leafNode(block.Validator, BigInt(Draw.Stake), block.BPM));
  if (root.sum !== totalStake) return { rule: 'path', why: `Path leads to ${root.sum} tokens, not to TotalStake` };
  if (root.hash !== Draw.PoolRoot) return { rule: 'path', why: `Path leads to ${root.hash}, not to PoolRoot` };

  const { first, last } = winnersTickets(Draw);
  if (ticket < first || ticket > last) {
    return { rule: 'winner', why: `Ticket ${ticket} is not one of the winner's, ${first} to ${last}` };
  }

  // Timestamps of this form sort as text in the order of time.
  if (block.Timestamp < tip.timestamp) {
    return { rule: 'timestamp', why: `Timestamp is earlier than that of block ${tip.index}` };
  }

  const isDue = isLastLink(index, tip.links);
  if (isDue && block.NextCommitment === undefined) {
    return { rule: 'next-commitment', why: 'the last link of a chain of secrets needs a NextCommitment' };
  }
  if (!isDue && block.NextCommitment !== undefined) {
    return { rule: 'next-commitment', why: 'NextCommitment may only stand where a chain of secrets ends' };
  }
  return undefined;
}

function broken(index: number, rule: Rule, why: string): Checked {
  return { fault: { index, rule, why } };
}
