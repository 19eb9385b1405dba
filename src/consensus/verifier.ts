import {
  authorityText,
  type Block,
  blockHash,
  type DrawnBlock,
  type GenesisBlock,
  genesisHash,
} from '../core/block.ts';
import type { VerifySignature } from '../core/keys.ts';
import { parseDrawnBlock, parseExact, parseGenesisBlock } from '../core/parse-block.ts';
import { findPoolFault } from '../core/verify-pool.ts';
import type { BrokenRule, PoolBeside } from './consensus.ts';
import { LotteryRules } from './lottery/lottery-rules.ts';

/** The first rule that a chain breaks. `index` is the block's place in the chain, whatever the block itself says. */
export interface Fault extends BrokenRule {
  readonly index: number;
}

/** All that must be known of a chain that holds so far in order to check the block that comes next. */
export interface Tip {
  readonly index: number;
  readonly hash: string;
  readonly timestamp: string;
  /** The Hash of the genesis. */
  readonly chainId: string;
  /** The key that signs every block. */
  readonly authority: string;
  /** What the seal of the next block must be. */
  readonly seal: LotteryRules;
}

/** A block that was checked, with the tip that it makes; or the rule that it breaks. */
export type Checked = { readonly block: Block; readonly tip: Tip } | { readonly fault: Fault };

/**
 * Checks a chain block by block, each by all rules in their order (SPEC 4). The blocks may come from anybody: every field that can be recomputed
 * is, and none is trusted. Cost of one: a signature, a hash or two, and one for each level of the winner's tree.
 */
export class ChainVerifier {
  readonly #verifySignature: VerifySignature;
  #tip: Tip | undefined;

  /** @param tip where to begin; the block after it is the first one to be checked. A genesis is where it is undefined */
  constructor(verifySignature: VerifySignature, tip?: Tip) {
    this.#verifySignature = verifySignature;
    this.#tip = tip;
  }

  /** The last block that holds; undefined before the genesis. */
  get tip(): Tip | undefined {
    return this.#tip;
  }

  /** Checks the block that comes next, with what lies beside it where that is there. When it holds it is the new tip; else the tip stays. */
  next(json: unknown, pool?: PoolBeside): Checked {
    const checked = this.#tip === undefined ? checkGenesis(json, pool) : this.#checkBlock(this.#tip, json, pool);
    if ('tip' in checked) this.#tip = checked.tip;
    return checked;
  }

  /** The same for the text of a block: what is not the one text of its value breaks `form`. */
  nextText(text: string, pool?: PoolBeside): Checked {
    return this.next(parseExact(text), pool);
  }

  #checkBlock(tip: Tip, json: unknown, pool: PoolBeside): Checked {
    const index = tip.index + 1;
    const form = parseDrawnBlock(json);
    if ('why' in form) return broken(index, { rule: 'form', why: form.why });
    const block = form.value;
    const fault =
      findPlaceFault(tip, block) ??
      this.#findAuthorFault(tip, block) ??
      tip.seal.findSealFault(block, pool) ??
      findTimeFault(tip, block) ??
      tip.seal.findFinalFault(block);
    return fault === undefined ? { block, tip: tipAfter(tip, block) } : broken(index, fault);
  }

  #findAuthorFault(tip: Tip, { Index, Hash, Signature }: DrawnBlock): BrokenRule | undefined {
    if (this.#verifySignature(tip.authority, authorityText(tip.chainId, Index, Hash), Signature)) return undefined;
    return { rule: 'signature', why: 'Signature is not that of the Authority in block 0' };
  }
}

/** The tip that a block says it makes of the one before it. Nothing is checked. */
export function tipAfter(tip: Tip, block: DrawnBlock): Tip {
  const { Index, Hash, Timestamp } = block;
  return { ...tip, index: Index, hash: Hash, timestamp: Timestamp, seal: tip.seal.after(block) };
}

/** The tip that a genesis says it makes. Nothing is checked. */
export function tipOfGenesis(genesis: GenesisBlock): Tip {
  const { Hash, Timestamp, Genesis } = genesis;
  return {
    index: 0,
    hash: Hash,
    timestamp: Timestamp,
    chainId: Hash,
    authority: Genesis.Authority,
    seal: LotteryRules.afterGenesis(genesis),
  };
}

/** The first fault of a whole chain, given block by block from the genesis; undefined when it holds. */
export function findFault(chain: Iterable<unknown>, verifySignature: VerifySignature): Fault | undefined {
  const verifier = new ChainVerifier(verifySignature);
  for (const json of chain) {
    const checked = verifier.next(json);
    if ('fault' in checked) return checked.fault;
  }
  return verifier.tip === undefined ? { index: 0, rule: 'form', why: 'an empty chain has no genesis' } : undefined;
}

function checkGenesis(json: unknown, pool: PoolBeside): Checked {
  const form = parseGenesisBlock(json);
  if ('why' in form) return broken(0, { rule: 'form', why: form.why });
  const block = form.value;
  const hash = genesisHash(block.Timestamp, block.Genesis);
  if (block.Hash !== hash) return broken(0, { rule: 'hash', why: `Hash should be ${hash}` });
  const why = pool === undefined || 'why' in pool ? pool?.why : findPoolFault(block, pool);
  if (why !== undefined) return broken(0, { rule: 'path', why });
  return { block, tip: tipOfGenesis(block) };
}

function findPlaceFault(tip: Tip, block: DrawnBlock): BrokenRule | undefined {
  if (block.Index !== tip.index + 1) {
    return { rule: 'index', why: `Index is ${block.Index}, the block before has ${tip.index}` };
  }
  if (block.PrevHash !== tip.hash) return { rule: 'prev-hash', why: `PrevHash is not the Hash of block ${tip.index}` };
  const hash = blockHash(block);
  return block.Hash === hash ? undefined : { rule: 'hash', why: `Hash should be ${hash}` };
}

function findTimeFault(tip: Tip, block: DrawnBlock): BrokenRule | undefined {
  // Timestamps of this form sort as text in the order of time.
  if (block.Timestamp >= tip.timestamp) return undefined;
  return { rule: 'timestamp', why: `Timestamp is earlier than that of block ${tip.index}` };
}

function broken(index: number, fault: BrokenRule): Checked {
  return { fault: { index, ...fault } };
}
