import type { AccountEntry, TransactionAnswer } from '../http/api/types.ts';
import type { Transaction } from '../ledger/transaction.ts';

/** What happened to an account, in a few words, as seen from there; the account behind them is shown beside them. */
export function entryWords({ kind, from }: AccountEntry, key: string): string {
  switch (kind) {
    case 'transfer':
      return from === key ? 'sent to' : 'came from';
    case 'bond':
      return 'put at stake';
    case 'unbond':
      return 'taken from its stake';
    case 'report':
      return from === key ? 'reported' : 'burnt, reported by';
    case 'reward':
      return 'reward of its block';
  }
}

/** The account at the other side of an entry; undefined where there is none. */
export function otherSide({ kind, from, to }: AccountEntry, key: string): string | undefined {
  if (kind !== 'transfer' && kind !== 'report') return undefined;
  return from === key ? to : from;
}

/** What a transaction does, before the account that it does it to. */
export function kindWords({ Kind }: Pick<Transaction, 'Kind'>): string {
  return { transfer: 'sends to', bond: 'puts at stake', unbond: 'takes from its stake', report: 'reports' }[Kind];
}

/** The account that a transaction does something to, besides its sender. */
export function receiverOf(transaction: Transaction): string | undefined {
  if (transaction.Kind === 'transfer') return transaction.To;
  return transaction.Kind === 'report' ? transaction.Evidence[0]?.Validator : undefined;
}

/** Where a transaction is, as a sentence. */
export function stateWords({ state, index }: Pick<TransactionAnswer, 'state' | 'index'>): string {
  const since = index === undefined ? '' : ` since block ${index}`;
  switch (state) {
    case 'pending':
      return 'It waits for a block.';
    case 'included':
      return `It is in block ${index ?? '?'}.`;
    case 'expired':
      return `It is in no block: the last block that might have taken it has passed${since}.`;
    case 'replaced':
      return `It is in no block: another transaction with the same Nonce took its place${since}.`;
    case 'refused':
      return `It is in no block: the ledger would not take it any more${since}.`;
    case 'evicted':
      return `It is in no block: too many were waiting, and others paid more${since}.`;
  }
}
