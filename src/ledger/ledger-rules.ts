import type { GenesisLedger } from '../core/block.ts';
import type { Parsed } from '../core/json-record.ts';
import type { VerifySignature } from '../core/keys.ts';
import { isSignedCandidate, parseSignedCandidate, type SignedCandidate } from './candidate.ts';
import { findOffence, type Offence } from './evidence.ts';
import { parseTransaction } from './parse-transaction.ts';
import { type Transaction, transactionId, transactionText } from './transaction.ts';

/** A transaction that holds whatever the state of the ledger is: its form, its signatures, its evidence, its fee. */
export interface CheckedTransaction {
  readonly id: string;
  readonly transaction: Transaction;
  readonly fee: bigint;
  /** Tokens that it moves; 0 for a report. */
  readonly amount: bigint;
  /** What a report proves; undefined for other kinds. */
  readonly offence: Offence | undefined;
  /** The length of its JSON text, bytes. */
  readonly bytes: number;
}

/** What the genesis of a chain says of its ledger, and what follows from the kind of its consensus. */
export interface LedgerTerms {
  readonly chainId: string;
  /** Tokens that come into being with each block. */
  readonly reward: bigint;
  readonly minFee: bigint;
  /** Blocks that tokens wait for after an unbond. */
  readonly unbonding: number;
  /** True in chains of work and in instant ones: nothing is at stake there, so there is nothing to bond or to burn. */
  readonly transfersOnly: boolean;
}

/** The terms of a chain, from its genesis. */
export function ledgerTerms(
  chainId: string,
  kind: 'lottery' | 'work' | 'instant',
  { Reward, MinFee, Unbonding }: Pick<GenesisLedger, 'Reward' | 'MinFee' | 'Unbonding'>,
): LedgerTerms {
  return {
    chainId,
    reward: BigInt(Reward),
    minFee: BigInt(MinFee),
    unbonding: Unbonding,
    transfersOnly: kind !== 'lottery',
  };
}

/** What the ledger of a chain asks of transactions and candidates whatever its state is (SPEC 6). */
export class LedgerRules {
  readonly terms: LedgerTerms;
  readonly #verify: VerifySignature;

  constructor(terms: LedgerTerms, verify: VerifySignature) {
    this.terms = terms;
    this.#verify = verify;
  }

  /** Checks all of a transaction that does not depend on the state. The signatures come last, because they cost most. */
  checkTransaction(json: unknown): Parsed<CheckedTransaction> {
    const read = this.readTransaction(json);
    return 'why' in read ? read : this.verifyTransaction(read.value);
  }

  /** Checks of a transaction what needs no signature: its form and its fee. What a report proves is not known yet. */
  readTransaction(json: unknown): Parsed<CheckedTransaction> {
    const parsed = parseTransaction(json);
    if ('why' in parsed) return parsed;
    const transaction = parsed.value;
    const { chainId, minFee, transfersOnly } = this.terms;
    if (transfersOnly && transaction.Kind !== 'transfer') {
      return {
        why: `a ${transaction.Kind} has no meaning in this chain, where nothing is at stake: only transfers are accepted`,
      };
    }
    const fee = BigInt(transaction.Fee);
    if (fee < minFee) return { why: `Fee is ${fee}, but this chain asks for at least ${minFee}` };
    return {
      value: {
        id: transactionId(chainId, transaction),
        transaction,
        fee,
        amount: transaction.Kind === 'report' ? 0n : BigInt(transaction.Amount),
        offence: undefined,
        bytes: JSON.stringify(transaction).length,
      },
    };
  }

  /** Verifies the signatures of a transaction that was read. */
  verifyTransaction(read: CheckedTransaction): Parsed<CheckedTransaction> {
    const { transaction } = read;
    const { chainId } = this.terms;
    if (!this.#verify(transaction.From, transactionText(chainId, transaction), transaction.Signature)) {
      return { why: 'Signature is not that of From over this transaction in this chain' };
    }
    const offence =
      transaction.Kind === 'report' ? findOffence(chainId, transaction.Evidence, this.#verify) : undefined;
    if (offence !== undefined && 'why' in offence) return offence;
    return { value: offence === undefined ? read : { ...read, offence: offence.value } };
  }

  /** Checks the form and the signature of a candidate. */
  checkCandidate(json: unknown): Parsed<SignedCandidate> {
    const parsed = parseSignedCandidate(json);
    if ('why' in parsed || isSignedCandidate(this.terms.chainId, parsed.value, this.#verify)) return parsed;
    return { why: `the candidate of ${parsed.value.Validator} is not signed by its validator for this chain` };
  }
}
