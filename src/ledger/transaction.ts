import { taggedHash, taggedText } from '../core/hash.ts';
import type { Signer } from '../core/keys.ts';
import type { SumNode } from '../core/sum-tree.ts';
import type { SignedCandidate } from './candidate.ts';

/** What every transaction says (SPEC 6). Its keys stand in the order of the format, its amounts are decimal digits. */
interface CommonFields {
  readonly From: string;
  readonly Fee: string;
  readonly Nonce: number;
  /** The last block that may take it. */
  readonly Until: number;
  readonly Signature: string;
}

/** Moves tokens to another account, which comes into being if need be. */
interface Transfer extends CommonFields {
  readonly Kind: 'transfer';
  readonly To: string;
  readonly Amount: string;
}

/** Puts tokens at stake, or takes them back. */
interface StakeChange extends CommonFields {
  readonly Kind: 'bond' | 'unbond';
  readonly Amount: string;
}

/** Burns what a validator has at stake, on evidence that it broke the rules. */
interface Report extends CommonFields {
  readonly Kind: 'report';
  readonly Evidence: readonly SignedCandidate[];
}

export type Transaction = Transfer | StakeChange | Report;
export type TransactionKind = Transaction['Kind'];

type Unsigned<T> = T extends unknown ? Omit<T, 'Signature'> : never;
type Unsent<T> = T extends unknown ? Omit<T, 'From' | 'Signature'> : never;
/** A transaction before it is signed. */
export type TransactionContent = Unsigned<Transaction>;
/** A transaction before it has a sender. */
export type TransactionRequest = Unsent<Transaction>;

/** The text that is signed: T("transaction", ChainId, the transaction without Signature). */
export function transactionText(chainId: string, transaction: TransactionContent): string {
  return taggedText('transaction', chainId, ordered(transaction));
}

/** Id = the SHA-256 of the text that is signed. */
export function transactionId(chainId: string, transaction: TransactionContent): string {
  return taggedHash('transaction', chainId, ordered(transaction));
}

/** Signs what the holder of a key wants done. */
export function signTransaction(chainId: string, request: TransactionRequest, sender: Signer): Transaction {
  const content = ordered({ ...request, From: sender.key });
  return { ...content, Signature: sender.sign(transactionText(chainId, content)) };
}

/** leaf of the tree of transactions = H("entry", Id, Signature) with sum Fee (SPEC 6). */
export function transactionLeaf(id: string, { Signature, Fee }: Pick<Transaction, 'Signature' | 'Fee'>): SumNode {
  return { hash: taggedHash('entry', id, Signature), sum: BigInt(Fee) };
}

/** A transaction without its Signature, its keys in the order of SPEC 6. */
function ordered(transaction: TransactionContent): TransactionContent {
  const { From, Fee, Nonce, Until } = transaction;
  switch (transaction.Kind) {
    case 'transfer': {
      const { Kind, To, Amount } = transaction;
      return { Kind, From, To, Amount, Fee, Nonce, Until };
    }
    case 'bond':
    case 'unbond': {
      const { Kind, Amount } = transaction;
      return { Kind, From, Amount, Fee, Nonce, Until };
    }
    case 'report': {
      const { Kind, Evidence } = transaction;
      return { Kind, From, Evidence, Fee, Nonce, Until };
    }
  }
}
