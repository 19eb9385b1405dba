import type { Account } from '../ledger/account.ts';
import type { CheckedTransaction } from '../ledger/ledger-rules.ts';
import type { LedgerChange, LedgerState } from '../ledger/ledger-state.ts';
import type { Transaction } from '../ledger/transaction.ts';
import type { Departure, DepartureReason } from './mempool.ts';

/** What the holder of an account hears of the ledger. */
export type AccountNews =
  /** A transaction of its own is in a block. */
  | { readonly kind: 'included'; readonly id: string; readonly index: number; readonly transaction: Transaction }
  /** The block `index` that a transaction of its own was in fell out of the chain: it waits again. */
  | { readonly kind: 'returned'; readonly id: string; readonly index: number }
  /** It was sent tokens. */
  | { readonly kind: 'received'; readonly from: string; readonly amount: string; readonly index: number }
  /** It was reported: what it had at stake is burned. */
  | { readonly kind: 'burned'; readonly index: number }
  /** A transaction of its own waits no longer, and is in no block. */
  | { readonly kind: 'gone'; readonly id: string; readonly reason: DepartureReason; readonly transaction: Transaction }
  /** Tokens that it has unbonded can be spent from block `index` on. */
  | { readonly kind: 'released'; readonly amount: bigint; readonly index: number }
  /** Its candidate was not in the draw of block `index`, because it has nothing bonded. */
  | { readonly kind: 'left out'; readonly index: number };

/** News by the key of the account whose holder they are for. */
export type LedgerNewsByKey = ReadonlyMap<string, readonly AccountNews[]>;

/** Says what a block means to the holders of accounts. */
export class LedgerNews {
  readonly #state: Pick<LedgerState, 'accountOf'>;
  /** The keys of the accounts whose unbonded tokens are released in a block. */
  readonly #releases = new Map<number, Set<string>>();

  constructor(state: Pick<LedgerState, 'accountOf' | 'accounts'>) {
    this.#state = state;
    for (const account of state.accounts()) this.#note(account);
  }

  /** Follows the ledger to another block. */
  follow({ accounts }: Pick<LedgerChange, 'accounts'>): void {
    for (const account of accounts.values()) this.#note(account);
  }

  /** What block `index` means, given its transactions and their Ids. */
  ofBlock(index: number, transactions: readonly Transaction[], ids: readonly string[]): LedgerNewsByKey {
    const news = new Map<string, AccountNews[]>();
    for (const [place, transaction] of transactions.entries()) {
      add(news, transaction.From, { kind: 'included', id: ids[place] ?? '', index, transaction });
      if (transaction.Kind === 'transfer' && transaction.To !== transaction.From) {
        const { From, To, Amount } = transaction;
        add(news, To, { kind: 'received', from: From, amount: Amount, index });
      }
      if (transaction.Kind === 'report') {
        for (const { Validator } of transaction.Evidence.slice(0, 1)) add(news, Validator, { kind: 'burned', index });
      }
    }
    const next = index + 1;
    for (const key of this.#releases.get(next) ?? []) {
      const account = this.#state.accountOf(key);
      // Tokens that are unbonded later restart the delay of all that wait.
      if (account?.release === next) add(news, key, { kind: 'released', amount: account.unbonding, index: next });
    }
    this.#releases.delete(next);
    return news;
  }

  /** What validators hear whose candidates were not in the draw of block `index`. */
  ofLeftOut(index: number, validators: readonly string[]): LedgerNewsByKey {
    return new Map(validators.map((key) => [key, [{ kind: 'left out', index }]]));
  }

  /** What senders hear of transactions that wait again, because block `index` fell out of the chain. */
  ofReturned(index: number, transactions: readonly CheckedTransaction[]): LedgerNewsByKey {
    const news = new Map<string, AccountNews[]>();
    for (const { id, transaction } of transactions) add(news, transaction.From, { kind: 'returned', id, index });
    return news;
  }

  /** What senders hear of transactions that wait no longer. */
  ofGone(departures: readonly Departure[]): LedgerNewsByKey {
    const news = new Map<string, AccountNews[]>();
    for (const { checked, reason } of departures) {
      const { id, transaction } = checked;
      add(news, transaction.From, { kind: 'gone', id, reason, transaction });
    }
    return news;
  }

  #note({ key, release, unbonding }: Account): void {
    if (release === 0 || unbonding === 0n) return;
    this.#releases.set(release, (this.#releases.get(release) ?? new Set()).add(key));
  }
}

function add(news: Map<string, AccountNews[]>, key: string, one: AccountNews): void {
  const known = news.get(key);
  if (known === undefined) news.set(key, [one]);
  else known.push(one);
}
