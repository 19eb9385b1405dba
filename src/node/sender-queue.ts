import type { Account } from '../ledger/account.ts';
import { applyTransaction } from '../ledger/apply-transaction.ts';
import type { CheckedTransaction, LedgerTerms } from '../ledger/ledger-rules.ts';

/** The ledger behind the last block, as far as waiting transactions need it. */
export interface LedgerView {
  readonly terms: LedgerTerms;
  /** The block that is made next. */
  readonly nextIndex: number;
  accountOf(key: string): Account | undefined;
}

/** A transaction that waits, and when it came: the lower, the earlier. */
export interface Waiting {
  readonly checked: CheckedTransaction;
  readonly arrival: number;
}

/** The waiting transactions of one account, in the order of their Nonces, without a gap from the account's own Nonce on. */
export class SenderQueue {
  readonly key: string;
  #waiting: readonly Waiting[] = [];
  #lowestFee: bigint | undefined;
  /** What the waiting transactions make of the accounts that they touch; undefined until it is needed. */
  #after: ReadonlyMap<string, Account> | undefined;

  constructor(key: string) {
    this.key = key;
  }

  get waiting(): readonly Waiting[] {
    return this.#waiting;
  }

  get last(): Waiting | undefined {
    return this.#waiting.at(-1);
  }

  /**
   * The fee that all of this account's transactions are worth: the last one cannot be in a block before the cheapest, however much it pays.
   * Undefined when none waits.
   */
  get lowestFee(): bigint | undefined {
    return this.#lowestFee;
  }

  /** Why the ledger would refuse a transaction behind those that wait; undefined where it would take it. */
  findAppendFault(view: LedgerView, checked: CheckedTransaction): string | undefined {
    this.#after ??= accountsAfter(view, this.#waiting).after;
    return tryBehind(view, this.#after, checked).why;
  }

  /** What the waiting transactions make of the account that sends them; undefined where there is none. */
  accountAfter(view: LedgerView): Account | undefined {
    this.#after ??= accountsAfter(view, this.#waiting).after;
    return this.#after.get(this.key) ?? view.accountOf(this.key);
  }

  /** Appends a transaction that has no fault there. */
  append(view: LedgerView, waiting: Waiting): void {
    this.#after ??= accountsAfter(view, this.#waiting).after;
    this.#after = tryBehind(view, this.#after, waiting.checked).after;
    this.#waiting = [...this.#waiting, waiting];
    this.#lowestFee = lower(this.#lowestFee, waiting.checked.fee);
  }

  /** Replaces what waits. */
  reset(waiting: readonly Waiting[]): void {
    this.#waiting = waiting;
    this.#after = undefined;
    this.#lowestFee = waiting.reduce<bigint | undefined>(
      (lowest, { checked }) => lower(lowest, checked.fee),
      undefined,
    );
  }
}

function lower(lowest: bigint | undefined, fee: bigint): bigint {
  return lowest === undefined || fee < lowest ? fee : lowest;
}

/** The first of some transactions that the ledger would refuse, taken one behind the other, and why; `taken` is how many come before it. */
export function findFirstFault(
  view: LedgerView,
  waiting: readonly Waiting[],
): { readonly taken: number; readonly why: string } | undefined {
  const { taken, why } = accountsAfter(view, waiting);
  return why === undefined ? undefined : { taken, why };
}

interface After {
  readonly after: ReadonlyMap<string, Account>;
  readonly why: string | undefined;
}

function accountsAfter(view: LedgerView, waiting: readonly Waiting[]): After & { readonly taken: number } {
  let after: ReadonlyMap<string, Account> = new Map();
  for (const [taken, { checked }] of waiting.entries()) {
    const tried = tryBehind(view, after, checked);
    if (tried.why !== undefined) return { ...tried, taken };
    after = tried.after;
  }
  return { after, why: undefined, taken: waiting.length };
}

/** Applies a transaction to accounts that others of its sender have already changed. */
function tryBehind(view: LedgerView, before: ReadonlyMap<string, Account>, checked: CheckedTransaction): After {
  const accountOf = (key: string): Account | undefined => before.get(key) ?? view.accountOf(key);
  const applied = applyTransaction(accountOf, view.terms, view.nextIndex, checked);
  if ('why' in applied) return { after: before, why: applied.why };
  const after = new Map(before);
  for (const account of applied.changed) after.set(account.key, account);
  return { after, why: undefined };
}
