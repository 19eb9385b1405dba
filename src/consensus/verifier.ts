import { runToEnd } from '../base/run-to-end.ts';
import type { VerifyBeacon } from '../core/beacon.ts';
import { type Block, type GenesisBlock, isDrawn, type SealedBlock } from '../core/block.ts';
import { authorityText, blockHash, genesisHash } from '../core/block-hash.ts';
import { parseExact } from '../core/exact-json.ts';
import type { VerifySignature } from '../core/keys.ts';
import { type BlockForm, formOf, parseSealedBlock } from '../core/parse-block.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import { parsePool } from '../core/parse-pool.ts';
import type { Candidate } from '../core/pool.ts';
import { findPoolFault } from '../core/verify-pool.ts';
import { type LedgerChange, LedgerState } from '../ledger/ledger-state.ts';
import type { BlockBody, BrokenRule, PoolBeside, SealRules, Verifiers } from './consensus.ts';
import {
  type CheckedLedger,
  checkLedger,
  findSupplyFault,
  type LedgerTip,
  ledgerAfter,
  ledgerOfGenesis,
} from './ledger-check.ts';
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
  /** The ledger as the blocks tell of it; undefined in a chain without one. */
  readonly ledger: LedgerTip | undefined;
}

/** What lies beside a block, or why that cannot be read. */
export type BodyBeside = BlockBody | { readonly why: string };

/** A block that holds. */
export interface CheckedBlock {
  readonly block: Block;
  /** The tip after it. */
  readonly tip: Tip;
  /** The pool that lies beside it, where it was drawn from typed stakes. */
  readonly pool?: readonly Candidate[];
  /** What it does to the state of the ledger, where that was known and its transactions lie beside it. */
  readonly change?: LedgerChange;
}

/** A block that holds, or the rule that it breaks. */
export type Checked = CheckedBlock | { readonly fault: Fault };

/** Where a verifier begins. */
export interface VerifierStart {
  /** Needed as soon as the chain has beacons. */
  readonly verifyBeacon?: VerifyBeacon | undefined;
  /** The first block to be checked is the one after it; undefined to begin with the genesis. */
  readonly tip?: Tip | undefined;
  /** The state of the ledger behind the tip; it becomes the one behind each block that `next` finds valid. */
  readonly state?: LedgerState | undefined;
}

/**
 * Checks a chain block by block, each by all rules in their order (SPEC 4). The source of the blocks is not trusted: every field that can be
 * recomputed is recomputed. The cost of a block is one signature, a hash or two, and one hash for each level of the winner's tree. A ledger is
 * judged by what lies beside the blocks, as long as that is there for every block; without it, as far as blocks alone prove it.
 */
export class ChainVerifier {
  readonly #verifiers: Verifiers;
  #tip: Tip | undefined;
  #state: LedgerState | undefined;

  /** Begins with the genesis, or goes on behind `tip`. */
  constructor(verifySignature: VerifySignature, { verifyBeacon, tip, state }: VerifierStart = {}) {
    this.#verifiers = { verifySignature, verifyBeacon };
    this.#tip = tip;
    this.#state = state;
  }

  /** The last valid block; undefined before the genesis. */
  get tip(): Tip | undefined {
    return this.#tip;
  }

  /** The state of the ledger behind the tip; undefined where it is not known, or there is no ledger. */
  get state(): LedgerState | undefined {
    return this.#state;
  }

  /** Checks the next block, and what lies beside it where that is given. A valid block becomes the new tip; after an invalid one the tip stays. */
  next(json: unknown, body?: BodyBeside): Checked {
    return runToEnd(this.nextInSteps(json, body));
  }

  /** The same in steps that take about 10 ms at most: the signatures of beacons take tens of milliseconds each. Nothing else may be checked meanwhile. */
  *nextInSteps(json: unknown, body: BodyBeside = {}): Generator<void, Checked> {
    const checked = yield* this.checkInSteps(json, body);
    if ('tip' in checked) this.#advance(checked);
    return checked;
  }

  /** The same for the text of a block. A text that is not the canonical JSON of its value breaks the rule `form`. */
  nextText(text: string, body?: BodyBeside): Checked {
    return this.next(parseExact(text), body);
  }

  /** Checks the next block, but leaves tip and state as they are. */
  check(json: unknown, body: BodyBeside = {}): Checked {
    return runToEnd(this.checkInSteps(json, body));
  }

  /** The same in steps: a thousand transactions take a tenth of a second, and a caller may have something else to do meanwhile. */
  *checkInSteps(json: unknown, body: BodyBeside = {}): Generator<void, Checked> {
    return this.#tip === undefined ? checkGenesis(json, body) : yield* this.#checkBlock(this.#tip, json, body);
  }

  #advance({ block, tip, change }: CheckedBlock): void {
    this.#tip = tip;
    if ('Genesis' in block) {
      const { Ledger } = block.Genesis;
      this.#state = Ledger && runToEnd(LedgerState.ofGenesis(Ledger));
    } else if (change !== undefined) this.#state?.swap(change);
    // From here on the balances are not known.
    else this.#state = undefined;
  }

  *#checkBlock(tip: Tip, json: unknown, body: BodyBeside): Generator<void, Checked> {
    const index = tip.index + 1;
    const parsed = parseSealedBlock(json, tip.form);
    if ('why' in parsed) return broken(index, { rule: 'form', why: parsed.why });
    const block = parsed.value;
    const pool = tip.ledger === undefined ? poolOf(body) : undefined;
    const sealFault =
      findPlaceFault(tip, block) ??
      this.#findAuthorFault(tip, block) ??
      findStrayBody(block, pool, sealOf(body)) ??
      (yield* tip.seal.findSealFault(block, { pool, seal: sealOf(body) }, this.#verifiers));
    if (sealFault !== undefined) return broken(index, sealFault);
    const ledger = yield* this.#checkLedger(tip, block, body);
    if ('fault' in ledger) return broken(index, ledger.fault);
    const fault = findTimeFault(tip, block) ?? tip.seal.findFinalFault(block);
    if (fault !== undefined) return broken(index, fault);
    return {
      block,
      tip: tipAfter(tip, block),
      ...(pool === undefined || 'why' in pool || !isDrawn(block) ? {} : { pool }),
      ...(ledger.change === undefined ? {} : { change: ledger.change }),
    };
  }

  #findAuthorFault({ authority, chainId }: Tip, block: SealedBlock): BrokenRule | undefined {
    if (authority === undefined || !('Signature' in block)) return undefined;
    const { Index, Hash, Signature } = block;
    if (this.#verifiers.verifySignature(authority, authorityText(chainId, Index, Hash), Signature)) return undefined;
    return { rule: 'signature', why: 'Signature is not that of the Authority in block 0' };
  }

  *#checkLedger({ ledger }: Tip, block: SealedBlock, body: BodyBeside): Generator<void, CheckedLedger> {
    if (ledger === undefined) return { change: undefined };
    if ('why' in body) return { fault: { rule: 'transactions', why: body.why } };
    return yield* checkLedger(this.#verifiers.verifySignature, ledger, this.#state, block, body);
  }
}

/** The tip after a block, computed from the fields of the block. Nothing is checked. */
export function tipAfter(tip: Tip, block: SealedBlock): Tip {
  const { Index, Hash, Timestamp } = block;
  return {
    ...tip,
    index: Index,
    hash: Hash,
    timestamp: Timestamp,
    weight: tip.weight + tip.seal.weightOf(block),
    seal: tip.seal.after(block),
    ledger: ledgerAfter(tip.ledger, block),
  };
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
    ledger: ledgerOfGenesis(genesis),
  };
}

/** The first fault of a whole chain, given block by block from the genesis; undefined when the chain is valid. */
export function findFault(
  chain: Iterable<unknown>,
  verifySignature: VerifySignature,
  verifyBeacon?: VerifyBeacon,
): Fault | undefined {
  const verifier = new ChainVerifier(verifySignature, { verifyBeacon });
  for (const json of chain) {
    const checked = verifier.next(json);
    if ('fault' in checked) return checked.fault;
  }
  return verifier.tip === undefined ? { index: 0, rule: 'form', why: 'an empty chain has no genesis' } : undefined;
}

function checkGenesis(json: unknown, body: BodyBeside): Checked {
  const parsed = parseGenesisBlock(json);
  if ('why' in parsed) return broken(0, { rule: 'form', why: parsed.why });
  const block = parsed.value;
  const hash = genesisHash(block.Timestamp, block.Genesis);
  if (block.Hash !== hash) return broken(0, { rule: 'hash', why: `Hash should be ${hash}` });
  const tip = tipOfGenesis(block);
  const fault = findStrayBody(block, poolOf(body), sealOf(body)) ?? findSupplyFault(tip.ledger);
  return fault === undefined ? { block, tip } : broken(0, fault);
}

/** The pool of a chain without a ledger, as far as what lies beside a block is one. */
function poolOf(body: BodyBeside): PoolBeside {
  if ('why' in body || body.Candidates === undefined) return 'why' in body ? body : undefined;
  return parsePool(body.Candidates) ?? { why: 'its pool is not an array of Validator, Stake and BPM alone' };
}

function findPlaceFault(tip: Tip, block: SealedBlock): BrokenRule | undefined {
  if (block.Index !== tip.index + 1) {
    return { rule: 'index', why: `Index is ${block.Index}, the block before has ${tip.index}` };
  }
  if (block.PrevHash !== tip.hash) return { rule: 'prev-hash', why: `PrevHash is not the Hash of block ${tip.index}` };
  const hash = blockHash(block);
  return block.Hash === hash ? undefined : { rule: 'hash', why: `Hash should be ${hash}` };
}

/** The signature of a sealed pool, as far as one lies beside a block. */
function sealOf(body: BodyBeside): unknown {
  return 'why' in body ? undefined : body.Seal;
}

/** A pool or the seal of one beside a block that was drawn from none. */
function findStrayBody(block: Block, pool: PoolBeside, seal: unknown): BrokenRule | undefined {
  if (isDrawn(block)) return undefined;
  if (seal !== undefined) return { rule: 'beacon', why: 'a Seal lies beside it, but it was drawn from no pool' };
  if (pool === undefined) return undefined;
  const why = 'why' in pool ? pool.why : findPoolFault(block, pool);
  return why === undefined ? undefined : { rule: 'path', why };
}

function findTimeFault(tip: Tip, block: SealedBlock): BrokenRule | undefined {
  // Timestamps of this format sort as text in chronological order.
  if (block.Timestamp >= tip.timestamp) return undefined;
  return { rule: 'timestamp', why: `Timestamp is earlier than that of block ${tip.index}` };
}

function broken(index: number, fault: BrokenRule): Checked {
  return { fault: { index, ...fault } };
}
