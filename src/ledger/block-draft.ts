import { runToEnd } from '../base/run-to-end.ts';
import type { LedgerSummary } from '../core/block.ts';
import { type SumNode, SumTree } from '../core/sum-tree.ts';
import { type Account, newAccount, released } from './account.ts';
import { applyTransaction } from './apply-transaction.ts';
import type { CheckedTransaction, LedgerTerms } from './ledger-rules.ts';
import type { LedgerChange, LedgerState } from './ledger-state.ts';
import { limits } from './limits.ts';
import { type Transaction, transactionLeaf } from './transaction.ts';

/** What a finished block says of the ledger, and what it does to the state. */
export interface FinishedDraft {
  readonly summary: LedgerSummary;
  readonly change: LedgerChange;
}

/**
 * The ledger inside of the block behind a state (SPEC 6): transactions are applied one by one, then the pool's stakes can be asked for, and at
 * the end the reward is paid. The state itself stays as it is until it takes the change.
 */
export class BlockDraft {
  /** The block that is made. */
  readonly index: number;
  readonly #state: LedgerState;
  readonly #terms: LedgerTerms;
  /** Accounts that are others than in the state or new, the new ones in the order of their creation. */
  readonly #changed = new Map<string, Account>();
  readonly #transactions: Transaction[] = [];
  readonly #leaves: SumNode[] = [];
  #fees = 0n;
  /** The root of the tree of so many transactions. */
  #root: { readonly count: number; readonly node: SumNode } | undefined;
  /** Of the transactions as one JSON array: its brackets first. */
  #bytes = 2;

  constructor(state: LedgerState, terms: LedgerTerms) {
    this.index = state.index + 1;
    this.#state = state;
    this.#terms = terms;
  }

  get transactions(): readonly Transaction[] {
    return this.#transactions;
  }

  /** Applies a transaction. Returns why it is refused, which changes nothing; undefined when it is in the block. */
  add(checked: CheckedTransaction): string | undefined {
    const full = this.#findNoRoom(checked);
    if (full !== undefined) return full;
    const applied = applyTransaction((key) => this.accountOf(key), this.#terms, this.index, checked);
    if ('why' in applied) return applied.why;
    for (const account of applied.changed) this.#changed.set(account.key, account);
    this.#bytes += this.#bytesWith(checked);
    this.#fees += checked.fee;
    this.#transactions.push(checked.transaction);
    this.#leaves.push(transactionLeaf(checked.id, checked.transaction));
    return undefined;
  }

  /** The account of a key as it is after the transactions so far; undefined where there is none. */
  accountOf(key: string): Account | undefined {
    return this.#changed.get(key) ?? this.#state.accountOf(key);
  }

  /** The tickets of a validator: what it has bonded after the transactions so far. */
  stakeOf(key: string): bigint {
    return this.accountOf(key)?.bonded ?? 0n;
  }

  /** Fees, and the root of the tree of transactions. */
  get transactionRoot(): SumNode {
    return runToEnd(this.hashTransactions());
  }

  /** The same in steps, for the first time behind the last transaction that was added. */
  *hashTransactions(): Generator<void, SumNode> {
    const count = this.#leaves.length;
    if (this.#root?.count === count) return this.#root.node;
    const node = count === 0 ? { hash: '', sum: 0n } : (yield* SumTree.grow(this.#leaves)).root;
    this.#root = { count, node };
    return node;
  }

  /** Pays reward and fees to the validator of the block. Yields after every few hashes of the state, so that a caller can make it in turns. */
  *finish(validator: string): Generator<void, FinishedDraft> {
    const winner = released(this.accountOf(validator) ?? newAccount(validator), this.index);
    const balance = winner.balance + this.#terms.reward + this.#fees;
    const changed = new Map(this.#changed).set(validator, { ...winner, balance });
    let accountCount = this.#state.accountCount;
    const accounts = new Map<number, Account>();
    for (const account of changed.values()) {
      accounts.set(this.#state.numberOf(account.key) ?? accountCount++, account);
    }
    const change = yield* this.#state.change(this.index, accounts, accountCount);
    const { hash: StateRoot, sum: supply } = change.to.root;
    const { hash: TransactionRoot } = yield* this.hashTransactions();
    return {
      summary: {
        Transactions: this.#transactions.length,
        Fees: String(this.#fees),
        TransactionRoot,
        Accounts: accountCount,
        Supply: String(supply),
        StateRoot,
      },
      change,
    };
  }

  /** Why a block has no room for another transaction; undefined where it has. */
  #findNoRoom(checked: CheckedTransaction): string | undefined {
    const { transactionsPerBlockMax, transactionBytesPerBlockMax } = limits;
    if (this.#transactions.length >= transactionsPerBlockMax) {
      return `a block takes at most ${transactionsPerBlockMax} transactions`;
    }
    if (this.#bytes + this.#bytesWith(checked) <= transactionBytesPerBlockMax) return undefined;
    return `a block takes at most ${transactionBytesPerBlockMax} bytes of transactions`;
  }

  /** What a transaction adds to the JSON array, with the comma before it. */
  #bytesWith({ bytes }: CheckedTransaction): number {
    return bytes + (this.#transactions.length === 0 ? 0 : 1);
  }
}
