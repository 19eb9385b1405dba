import { isHash } from '../core/hash.ts';
import { parseBlock } from '../core/parse-block.ts';
import type {
  AccountAnswer,
  AccountEntry,
  AccountHistoryAnswer,
  IdentifiedTransaction,
  MempoolAnswer,
  TransactionAnswer,
} from '../http/api/types.ts';
import { parseTransaction } from '../ledger/parse-transaction.ts';
import { parseAccountProof } from '../ledger/proof.ts';
import {
  amount,
  JsonObject,
  listOf,
  mismatch,
  number,
  oneOf,
  orNull,
  type Reader,
  text,
} from '../library/json-reader.ts';

/** Reads the answer of /api/accounts/ACCOUNT. Like all readers here, it throws a TypeError when the value is something else. */
export function readAccount(json: unknown): AccountAnswer {
  const account = new JsonObject<AccountAnswer>(json, 'account');
  const proof = account.read('proof', parsedBy(parseAccountProof, 'the proof of an account'));
  return {
    key: account.read('key', hash),
    address: account.read('address', text),
    balance: account.read('balance', amount),
    bonded: account.read('bonded', amount),
    unbonding: account.read('unbonding', amount),
    release: account.read('release', number),
    since: account.read('since', number),
    nonce: account.read('nonce', number),
    nextNonce: account.read('nextNonce', number),
    proof,
    block: account.read(
      'block',
      parsedBy((value) => parseBlock(value, proof.Index), 'the block of the proof'),
    ),
    history: account.read('history', readAccountHistory),
  };
}

/** Reads the answer of /api/mempool. */
export function readMempool(json: unknown): MempoolAnswer {
  const mempool = new JsonObject<MempoolAnswer>(json, 'mempool');
  return { count: mempool.read('count', number), transactions: mempool.read('transactions', listOf(readIdentified)) };
}

/** Reads the answer of /api/transactions/ID. */
export function readTransaction(json: unknown): TransactionAnswer {
  const answer = new JsonObject<TransactionAnswer>(json, 'transaction');
  return {
    id: answer.read('id', hash),
    state: answer.read('state', oneOf('pending', 'included', 'expired', 'replaced', 'refused', 'evicted')),
    ...(answer.has('index') ? { index: answer.read('index', number) } : {}),
    ...(answer.has('transaction') ? { transaction: answer.read('transaction', transaction) } : {}),
  };
}

function readAccountHistory(json: unknown, at: string): AccountHistoryAnswer {
  const history = new JsonObject<AccountHistoryAnswer>(json, at);
  return {
    entries: history.read('entries', listOf(readEntry)),
    firstBlock: history.read('firstBlock', orNull(number)),
  };
}

function readEntry(json: unknown, at: string): AccountEntry {
  const entry = new JsonObject<AccountEntry>(json, at);
  return {
    index: entry.read('index', number),
    kind: entry.read('kind', oneOf('transfer', 'bond', 'unbond', 'report', 'reward')),
    ...(entry.has('id') ? { id: entry.read('id', hash) } : {}),
    ...(entry.has('from') ? { from: entry.read('from', hash) } : {}),
    ...(entry.has('fee') ? { fee: entry.read('fee', amount) } : {}),
    ...(entry.has('to') ? { to: entry.read('to', hash) } : {}),
    ...(entry.has('amount') ? { amount: entry.read('amount', amount) } : {}),
  };
}

function readIdentified(json: unknown, at: string): IdentifiedTransaction {
  const identified = new JsonObject<IdentifiedTransaction>(json, at);
  return { id: identified.read('id', hash), transaction: identified.read('transaction', transaction) };
}

/** What the parser of a format of the chain accepts. */
function parsedBy<T>(
  parse: (json: unknown) => { readonly value: T } | { readonly why: string },
  what: string,
): Reader<T> {
  return (json, at) => {
    const parsed = parse(json);
    return 'why' in parsed ? mismatch(at, `${what}: ${parsed.why}`) : parsed.value;
  };
}

const transaction = parsedBy(parseTransaction, 'a transaction');

function hash(json: unknown, at: string): string {
  return isHash(json) ? json : mismatch(at, '64 hex digits');
}
