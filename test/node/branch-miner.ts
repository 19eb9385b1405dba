import { runToEnd } from '../../src/base/run-to-end.ts';
import type { StoredBlock } from '../../src/consensus/engine.ts';
import { type Tip, tipAfter, tipOfGenesis } from '../../src/consensus/verifier.ts';
import { difficultyBehind } from '../../src/consensus/work/block-search.ts';
import { meets } from '../../src/consensus/work/difficulty.ts';
import type { GenesisLedger } from '../../src/core/block.ts';
import { contentHash, workHash } from '../../src/core/block-hash.ts';
import { buildGenesis, minedBlock } from '../../src/core/build-block.ts';
import { timestampMs } from '../../src/core/timestamp.ts';
import { BlockDraft } from '../../src/ledger/block-draft.ts';
import { LedgerRules } from '../../src/ledger/ledger-rules.ts';
import { LedgerState } from '../../src/ledger/ledger-state.ts';
import type { Transaction } from '../../src/ledger/transaction.ts';
import { hexOf, storedBlock, verifySignature } from '../core/build-chain.ts';

const startMs = Date.UTC(2026, 0, 1);

export interface MinedOptions {
  /** Who owns the block, and so what makes it another block than one in the same place. */
  readonly validator?: string;
  readonly bpm?: number;
  /** Since the block before. */
  readonly spanMs?: number;
  readonly transactions?: readonly Transaction[];
}

/** Makes blocks of work, one behind the other, and branches that begin behind any of them. */
export class BranchMiner {
  readonly blocks: readonly StoredBlock[];
  readonly tip: Tip;
  readonly #state: LedgerState | undefined;

  private constructor(blocks: readonly StoredBlock[], tip: Tip, state: LedgerState | undefined) {
    this.blocks = blocks;
    this.tip = tip;
    this.#state = state;
  }

  /** A genesis. A block should take a second. */
  static begin(difficulty = 4n, ledger?: GenesisLedger): BranchMiner {
    const genesis = buildGenesis(new Date(startMs).toISOString(), {
      Version: 2,
      Consensus: { Kind: 'work', Difficulty: String(difficulty), IntervalMs: 1000 },
      ...(ledger === undefined ? {} : { Ledger: ledger }),
    });
    const state = ledger && runToEnd(LedgerState.ofGenesis(ledger));
    return new BranchMiner([storedBlock(genesis)], tipOfGenesis(genesis), state);
  }

  /** Nothing yet, behind any block of a chain. */
  static behind(tip: Tip, state: LedgerState | undefined): BranchMiner {
    return new BranchMiner([], tip, state);
  }

  /** The blocks behind the genesis. */
  get behindGenesis(): readonly StoredBlock[] {
    return this.blocks.slice(1);
  }

  /** The same with one more block. */
  mine({ validator = hexOf('miner'), bpm = 1, spanMs = 1000, transactions = [] }: MinedOptions = {}): BranchMiner {
    const { tip } = this;
    const state = this.#state && runToEnd(LedgerState.restore(this.#state.index, this.#state.accounts()));
    const finished = state && this.#finish(state, validator, transactions);
    const content = {
      Index: tip.index + 1,
      Timestamp: new Date(timestampMs(tip.timestamp) + spanMs).toISOString(),
      BPM: bpm,
      PrevHash: tip.hash,
      Validator: validator,
      Work: { Difficulty: String(difficultyBehind(tip)) },
      ...(finished === undefined ? {} : { Ledger: finished.summary }),
    };
    const hash = contentHash(content);
    let nonce = 0;
    while (!meets(workHash(hash, nonce), BigInt(content.Work.Difficulty))) nonce += 1;
    const block = minedBlock(content, nonce);
    if (finished !== undefined) state?.swap(finished.change);
    const stored = {
      ...storedBlock(block),
      ...(state === undefined ? {} : { signed: { Transactions: transactions } }),
    };
    return new BranchMiner([...this.blocks, stored], tipAfter(tip, block), state);
  }

  /** The same with several more. */
  mineMany(count: number, options: MinedOptions = {}): BranchMiner {
    return count === 0 ? this : this.mine(options).mineMany(count - 1, options);
  }

  /** Those of some transactions that the next block takes, tried in their order. */
  takenOf(transactions: readonly Transaction[]): readonly Transaction[] {
    if (this.tip.ledger === undefined || this.#state === undefined) return [];
    const rules = new LedgerRules(this.tip.ledger.terms, verifySignature);
    const draft = new BlockDraft(this.#state, rules.terms);
    return transactions.filter((transaction) => {
      const checked = rules.checkTransaction(transaction);
      return !('why' in checked) && draft.add(checked.value) === undefined;
    });
  }

  #finish(state: LedgerState, validator: string, transactions: readonly Transaction[]) {
    if (this.tip.ledger === undefined) throw new Error('this chain has no ledger');
    const rules = new LedgerRules(this.tip.ledger.terms, verifySignature);
    const draft = new BlockDraft(state, rules.terms);
    for (const transaction of transactions) {
      const checked = rules.checkTransaction(transaction);
      const why = 'why' in checked ? checked.why : draft.add(checked.value);
      if (why !== undefined) throw new Error(why);
    }
    return runToEnd(draft.finish(validator));
  }
}
