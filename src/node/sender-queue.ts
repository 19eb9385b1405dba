import type { Account } from '../ledger/account.ts';
import { type Applied, applyTransaction } from '../ledger/apply-transaction.ts';
import type { CheckedTransaction, LedgerTerms } from '../ledger/ledger-rules.ts';
import type { Transaction } from '../ledger/transaction.ts';

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
  #after: Map<string, Account> | undefined;
  /** The account behind which what waits was found to have no fault. */
  #account: Account | undefined;

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
    const applied = applyBehind(view, this.#after, checked);
    return 'why' in applied ? applied.why : undefined;
  }

  /** What the waiting transactions make of the account that sends them; undefined where there is none. */
  accountAfter(view: LedgerView): Account | undefined {
    this.#after ??= accountsAfter(view, this.#waiting).after;
    return this.#after.get(this.key) ?? view.accountOf(this.key);
  }

  /**
   * Whether another block has changed nothing of what decides that transactions have no fault: for transfers and bonds that is the account of their
   * sender, and the time.
   */
  isUntouched(view: LedgerView): boolean {
    const account = view.accountOf(this.key);
    if (account === undefined || account !== this.#account) return false;
    const isReleased = account.release > 0 && account.release <= view.nextIndex;
    return !isReleased && this.#waiting.every(({ checked: { transaction } }) => isAsBefore(transaction, view));
  }

  /** The chain has another block, which leaves what waits as it is. */
  follow(): void {
    this.#after = undefined;
  }

  /** Appends a transaction that has no fault there. */
  append(view: LedgerView, waiting: Waiting): void {
    this.#account = view.accountOf(this.key);
    this.#after ??= accountsAfter(view, this.#waiting).after;
    takeBehind(view, this.#after, waiting.checked);
    this.#waiting = [...this.#waiting, waiting];
    this.#lowestFee = lower(this.#lowestFee, waiting.checked.fee);
  }

  /** Replaces what waits by what has no fault, either. */
  reset(view: LedgerView, waiting: readonly Waiting[]): void {
    this.#account = view.accountOf(this.key);
    this.#waiting = waiting;
    this.#after = undefined;
    this.#lowestFee = waiting.reduce<bigint | undefined>(
      (lowest, { checked }) => lower(lowest, checked.fee),
      undefined,
    );
  }
}

/** Whether a transaction may be taken in the next block as it was before, if the account of its sender is as it was. */
function isAsBefore({ Kind, Until }: Transaction, { nextIndex }: LedgerView): boolean {
  return (Kind === 'transfer' || Kind === 'bond') && Until >= nextIndex;
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

function accountsAfter(
  view: LedgerView,
  waiting: readonly Waiting[],
): { readonly after: Map<string, Account>; readonly taken: number; readonly why: string | undefined } {
  const after = new Map<string, Account>();
  for (const [taken, { checked }] of waiting.entries()) {
    const why = takeBehind(view, after, checked);
    if (why !== undefined) return { after, taken, why };
  }
  return { after, taken: waiting.length, why: undefined };
}

/** What a transaction does behind others of its sender, which have changed these accounts already. */
function applyBehind(view: LedgerView, before: ReadonlyMap<string, Account>, checked: CheckedTransaction): Applied {
  const accountOf = (key: string): Account | undefined => before.get(key) ?? view.accountOf(key);
  return applyTransaction(accountOf, view.terms, view.nextIndex, checked);
}

/** Has a transaction change these accounts, too. Returns why that is refused, which changes nothing. */
function takeBehind(view: LedgerView, accounts: Map<string, Account>, checked: CheckedTransaction): string | undefined {
  const applied = applyBehind(view, accounts, checked);
  if ('why' in applied) return applied.why;
  for (const account of applied.changed) accounts.set(account.key, account);
  return undefined;
}
