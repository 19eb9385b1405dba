import { runToEnd } from '../base/run-to-end.ts';
import type { LedgerSummary } from '../core/block.ts';
import { isHash } from '../core/hash.ts';
import { accepted, isAmountOrZero, isWhole, type Parsed, parseRecord } from '../core/json-record.ts';
import { hashUp, leafIndexOf, type ProofStep, SumTree } from '../core/sum-tree.ts';
import { type AccountFields, accountFields, accountLeaf, parseAccount } from './account.ts';
import type { LedgerState } from './ledger-state.ts';
import { parseTransaction } from './parse-transaction.ts';
import { type Transaction, transactionId, transactionLeaf } from './transaction.ts';

/** The proof that an account is so behind a block: with the StateRoot of that block anybody can check it (SPEC 6). */
export interface AccountProof {
  readonly Index: number;
  /** The place of the account in the order of creation, from 0. */
  readonly Number: number;
  readonly Account: AccountFields;
  readonly Path: readonly ProofStep[];
}

/** The proof that a transaction is in a block: with the TransactionRoot of that block anybody can check it. */
export interface TransactionProof {
  readonly Index: number;
  /** Its place in the block, from 0. */
  readonly Number: number;
  readonly Transaction: Transaction;
  readonly Path: readonly ProofStep[];
}

/** The proof of an account against a state; undefined where it has no such account. */
export function proveAccount(state: LedgerState, key: string): AccountProof | undefined {
  const number = state.numberOf(key);
  const account = state.accountOf(key);
  if (number === undefined || account === undefined) return undefined;
  return { Index: state.index, Number: number, Account: accountFields(account), Path: state.inclusionProof(number) };
}

/** The proof of transaction `number` of a block, given all of them. Throws a RangeError when there is no such transaction. */
export function proveTransaction(
  chainId: string,
  index: number,
  transactions: readonly Transaction[],
  number: number,
): TransactionProof {
  const transaction = transactions[number];
  if (transaction === undefined) throw new RangeError(`no transaction ${number} among ${transactions.length}`);
  const leaves = transactions.map((entry) => transactionLeaf(transactionId(chainId, entry), entry));
  return {
    Index: index,
    Number: number,
    Transaction: transaction,
    Path: runToEnd(SumTree.grow(leaves)).inclusionProof(number),
  };
}

/** Parses the proof of an account. `findAccountProofFault` says whether it proves it. */
export function parseAccountProof(json: unknown): Parsed<AccountProof> {
  const parsed = parseProof(json, 'Account', parseAccount);
  if ('why' in parsed) return parsed;
  const { value, Path, ...place } = parsed.value;
  return { value: { ...place, Account: accountFields(value), Path } };
}

/** Parses the proof of a transaction. `findTransactionProofFault` says whether it proves it. */
export function parseTransactionProof(json: unknown): Parsed<TransactionProof> {
  const parsed = parseProof(json, 'Transaction', parseTransaction);
  if ('why' in parsed) return parsed;
  const { value, Path, ...place } = parsed.value;
  return { value: { ...place, Transaction: value, Path } };
}

interface Proof<T> {
  readonly Index: number;
  readonly Number: number;
  readonly value: T;
  readonly Path: readonly ProofStep[];
}

function parseProof<T>(json: unknown, what: string, parse: (json: unknown) => Parsed<T>): Parsed<Proof<T>> {
  const parsed = parseRecord('a proof', json, { all: ['Index', 'Number', what, 'Path'] });
  if ('why' in parsed) return parsed;
  const { Index, Number: number } = parsed.value;
  if (!isWhole(Index, 0)) return { why: `Index of a proof ${accepted.whole(0)}` };
  if (!isWhole(number, 0)) return { why: `Number of a proof ${accepted.whole(0)}` };
  const proved = parse(parsed.value[what]);
  if ('why' in proved) return proved;
  const path = parsePath(parsed.value['Path']);
  if ('why' in path) return path;
  return { value: { Index, Number: number, value: proved.value, Path: path.value } };
}

/** What is wrong with the proof of an account, given what the block that it names says of its ledger; undefined where it proves the account. */
export function findAccountProofFault(
  proof: AccountProof,
  { Accounts, Supply, StateRoot }: Pick<LedgerSummary, 'Accounts' | 'Supply' | 'StateRoot'>,
): string | undefined {
  const account = parseAccount(proof.Account);
  if ('why' in account) return account.why;
  const shape = findPlaceFault(proof, Accounts, 'accounts');
  if (shape !== undefined) return shape;
  const root = proof.Path.reduce(hashUp, accountLeaf(account.value));
  if (root.hash !== StateRoot) return 'Path does not lead from this account to StateRoot';
  return String(root.sum) === Supply ? undefined : `Path leads to a supply of ${root.sum}, but Supply is ${Supply}`;
}

/** What is wrong with the proof of a transaction, given what the block that it names says of its ledger; undefined where it proves it. */
export function findTransactionProofFault(
  chainId: string,
  proof: TransactionProof,
  { Transactions, Fees, TransactionRoot }: Pick<LedgerSummary, 'Transactions' | 'Fees' | 'TransactionRoot'>,
): string | undefined {
  const shape = findPlaceFault(proof, Transactions, 'transactions');
  if (shape !== undefined) return shape;
  const { Transaction } = proof;
  const root = proof.Path.reduce(hashUp, transactionLeaf(transactionId(chainId, Transaction), Transaction));
  if (root.hash !== TransactionRoot) return 'Path does not lead from this transaction to TransactionRoot';
  return String(root.sum) === Fees ? undefined : `Path leads to fees of ${root.sum}, but Fees is ${Fees}`;
}

/** A path of the right root but of another place would prove another order. */
function findPlaceFault(proof: Pick<AccountProof, 'Number' | 'Path'>, count: number, of: string): string | undefined {
  if (leafIndexOf(proof.Path, count) === proof.Number) return undefined;
  return `Path is not that of number ${proof.Number} of ${count} ${of}`;
}

/** Unlike in a draw, what lies beside a path may hold no tokens. */
function parsePath(json: unknown): Parsed<readonly ProofStep[]> {
  if (!Array.isArray(json)) return { why: 'Path must be an array' };
  const path: ProofStep[] = [];
  for (const step of json) {
    const parsed = parseRecord('a step of Path', step, { all: ['Side', 'Hash', 'Stake'] });
    if ('why' in parsed) return parsed;
    const { Side, Hash, Stake } = parsed.value;
    if (Side !== 'left' && Side !== 'right') return { why: 'Side in Path must be "left" or "right"' };
    if (!isHash(Hash)) return { why: `Hash in Path ${accepted.hex(64)}` };
    if (!isAmountOrZero(Stake)) return { why: `Stake in Path ${accepted.amountOrZero}` };
    path.push({ Side, Hash, Stake });
  }
  return { value: path };
}
