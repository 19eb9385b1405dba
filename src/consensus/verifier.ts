import type { Block, GenesisBlock, SealedBlock } from '../core/block.ts';
import { authorityText, blockHash, genesisHash } from '../core/block-hash.ts';
import { parseExact } from '../core/exact-json.ts';
import type { VerifySignature } from '../core/keys.ts';
import { type BlockForm, formOf, parseSealedBlock } from '../core/parse-block.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import { findPoolFault } from '../core/verify-pool.ts';
import type { BrokenRule, PoolBeside, SealRules } from './consensus.ts';
import { sealRulesOf } from './seal-rules.ts';

/** The first rule that a chain breaks. `index` is the block's place in the chain, whatever the block itself says. */
export interface Fault extends BrokenRule {
  readonly index: number;
}

/** The state of a valid chain that is needed to check the next block. */
export interface Tip {
  readonly index: number;
  readonly hash: string;
  readonly timestamp: string;
  /** The Hash of the genesis. */
  readonly chainId: string;
  /** The form of all blocks behind the genesis. */
  readonly form: BlockForm;
  /** The key that signs every block; undefined where blocks need no signature. */
  readonly authority: string | undefined;
  /** The sum of what the blocks count, by which two chains are compared; that of the genesis is 0. */
  readonly weight: bigint;
  /** The rules that the seal of the next block must satisfy. */
  readonly seal: SealRules;
}

/** A valid block with the tip after it, or the rule that the block breaks. */
export type Checked = { readonly block: Block; readonly tip: Tip } | { readonly fault: Fault };

/**
 * Checks a chain block by block, each by all rules in their order (SPEC 4). The source of the blocks is not trusted: every field that can be
 * recomputed is recomputed. The cost of a block is one signature, a hash or two, and one hash for each level of the winner's tree.
 */
export class ChainVerifier {
  readonly #verifySignature: VerifySignature;
  #tip: Tip | undefined;

  /** @param tip the first block to be checked is the one after it; undefined to begin with the genesis */
  constructor(verifySignature: VerifySignature, tip?: Tip) {
    this.#verifySignature = verifySignature;
    this.#tip = tip;
  }

  /** The last valid block; undefined before the genesis. */
  get tip(): Tip | undefined {
    return this.#tip;
  }

  /** Checks the next block, and its pool where one is given. A valid block becomes the new tip; after an invalid one the tip stays. */
  next(json: unknown, pool?: PoolBeside): Checked {
    const checked = this.#tip === undefined ? checkGenesis(json, pool) : this.#checkBlock(this.#tip, json, pool);
    if ('tip' in checked) this.#tip = checked.tip;
    return checked;
  }

  /** The same for the text of a block. A text that is not the canonical JSON of its value breaks the rule `form`. */
  nextText(text: string, pool?: PoolBeside): Checked {
    return this.next(parseExact(text), pool);
  }

  #checkBlock(tip: Tip, json: unknown, pool: PoolBeside): Checked {
    const index = tip.index + 1;
    const parsed = parseSealedBlock(json, tip.form);
    if ('why' in parsed) return broken(index, { rule: 'form', why: parsed.why });
    const block = parsed.value;
    const fault =
      findPlaceFault(tip, block) ??
      this.#findAuthorFault(tip, block) ??
      tip.seal.findSealFault(block, pool) ??
      findTimeFault(tip, block) ??
      tip.seal.findFinalFault(block);
    return fault === undefined ? { block, tip: tipAfter(tip, block) } : broken(index, fault);
  }

  #findAuthorFault({ authority, chainId }: Tip, block: SealedBlock): BrokenRule | undefined {
    if (authority === undefined || !('Signature' in block)) return undefined;
    const { Index, Hash, Signature } = block;
    if (this.#verifySignature(authority, authorityText(chainId, Index, Hash), Signature)) return undefined;
    return { rule: 'signature', why: 'Signature is not that of the Authority in block 0' };
  }
}

/** The tip after a block, computed from the fields of the block. Nothing is checked. */
export function tipAfter(tip: Tip, block: SealedBlock): Tip {
  const { Index, Hash, Timestamp } = block;
  const weight = tip.weight + tip.seal.weightOf(block);
  return { ...tip, index: Index, hash: Hash, timestamp: Timestamp, weight, seal: tip.seal.after(block) };
}

/** The tip after a genesis, computed from its fields. Nothing is checked. */
export function tipOfGenesis(genesis: GenesisBlock): Tip {
  const { Hash, Timestamp, Genesis } = genesis;
  return {
    index: 0,
    hash: Hash,
    timestamp: Timestamp,
    chainId: Hash,
    form: formOf(Genesis),
    authority: 'Authority' in Genesis ? Genesis.Authority : undefined,
    weight: 0n,
    seal: sealRulesOf(genesis),
  };
}

/** The first fault of a whole chain, given block by block from the genesis; undefined when the chain is valid. */
export function findFault(chain: Iterable<unknown>, verifySignature: VerifySignature): Fault | undefined {
  const verifier = new ChainVerifier(verifySignature);
  for (const json of chain) {
    const checked = verifier.next(json);
    if ('fault' in checked) return checked.fault;
  }
  return verifier.tip === undefined ? { index: 0, rule: 'form', why: 'an empty chain has no genesis' } : undefined;
}

function checkGenesis(json: unknown, pool: PoolBeside): Checked {
  const parsed = parseGenesisBlock(json);
  if ('why' in parsed) return broken(0, { rule: 'form', why: parsed.why });
  const block = parsed.value;
  const hash = genesisHash(block.Timestamp, block.Genesis);
  if (block.Hash !== hash) return broken(0, { rule: 'hash', why: `Hash should be ${hash}` });
  const why = pool === undefined || 'why' in pool ? pool?.why : findPoolFault(block, pool);
  if (why !== undefined) return broken(0, { rule: 'path', why });
  return { block, tip: tipOfGenesis(block) };
}

function findPlaceFault(tip: Tip, block: SealedBlock): BrokenRule | undefined {
  if (block.Index !== tip.index + 1) {
    return { rule: 'index', why: `Index is ${block.Index}, the block before has ${tip.index}` };
  }
  if (block.PrevHash !== tip.hash) return { rule: 'prev-hash', why: `PrevHash is not the Hash of block ${tip.index}` };
  const hash = blockHash(block);
  return block.Hash === hash ? undefined : { rule: 'hash', why: `Hash should be ${hash}` };
}

function findTimeFault(tip: Tip, block: SealedBlock): BrokenRule | undefined {
  // Timestamps of this format sort as text in chronological order.
  if (block.Timestamp >= tip.timestamp) return undefined;
  return { rule: 'timestamp', why: `Timestamp is earlier than that of block ${tip.index}` };
}

function broken(index: number, fault: BrokenRule): Checked {
  return { fault: { index, ...fault } };
}
