import type { Block } from '../../core/block.ts';
import type { Account } from '../../ledger/account.ts';
import type { CheckedTransaction } from '../../ledger/ledger-rules.ts';
import type { AccountProof } from '../../ledger/proof.ts';
import type { Transaction } from '../../ledger/transaction.ts';
import type { LedgerCalls } from '../api/rpc-types.ts';
import { callErrors } from './json-rpc.ts';
import { limits } from './limits.ts';
import { type MethodTable, method, notFound } from './method.ts';
import { accountName, hashText, signedTransaction, yesOrNo } from './param-forms.ts';
import { amount, count, exactly, hash } from './schemas.ts';

/** Why a transaction is not taken, or that it waits already. */
type Refusal =
  | { readonly kind: 'refused'; readonly why: string; readonly nextNonce: number | undefined }
  | { readonly kind: 'known'; readonly id: string };

/** Why a transaction waits no longer without being in a block. */
type Departure = 'included' | 'superseded' | 'expired' | 'refused' | 'stranded' | 'evicted';

/** The ledger as these methods see it. */
export interface LedgerReader {
  readonly terms: { readonly reward: bigint };
  /** The block that is made next. */
  readonly nextIndex: number;
  readonly supply: bigint;
  readonly accountCount: number;
  accountOf(key: string): Account | undefined;
  nextNonce(key: string): number;
  proveAccount(key: string): AccountProof | undefined;
  waiting(): readonly Pick<CheckedTransaction, 'id' | 'transaction'>[];
  statusOf(
    id: string,
  ): Promise<
    | { readonly kind: 'pending'; readonly checked: Pick<CheckedTransaction, 'transaction'> }
    | { readonly kind: 'included'; readonly index: number }
    | { readonly kind: 'gone'; readonly reason: Departure; readonly index: number }
    | { readonly kind: 'unknown' }
  >;
  /** A transaction of block `index`; undefined where it is not there. */
  transactionIn(index: number, id: string): Promise<Transaction | undefined>;
  submit(json: unknown): Refusal | { readonly kind: 'accepted'; readonly id: string; readonly stored: Promise<void> };
  /** What `submit` would say. */
  test(json: unknown): Refusal | { readonly kind: 'acceptable'; readonly id: string };
}

/** What people call it when a transaction waits no longer. */
export const transactionStates = {
  included: 'included',
  superseded: 'replaced',
  expired: 'expired',
  refused: 'refused',
  stranded: 'refused',
  evicted: 'evicted',
} as const;

/**
 * The methods that tell of a ledger, and take transactions that were signed elsewhere.
 * @param readBlock gives a stored block
 */
export function ledgerMethods(
  ledger: LedgerReader,
  readBlock: (index: number) => Promise<Block | undefined>,
): MethodTable<LedgerCalls> {
  return {
    getaccount: method<LedgerCalls['getaccount']>({
      summary: 'what an account has behind the last block',
      access: 'reading',
      params: { account: accountName },
      result: {
        name: 'account',
        schema: exactly({
          Key: hash,
          Balance: amount,
          Bonded: amount,
          Unbonding: amount,
          Release: count,
          Since: count,
          Nonce: count,
        }),
      },
      run({ account: key }) {
        const account = ledger.accountOf(key);
        if (account === undefined) return noAccount(key);
        const { balance, bonded, unbonding, release: Release, since: Since, nonce: Nonce } = account;
        const amounts = { Balance: String(balance), Bonded: String(bonded), Unbonding: String(unbonding) };
        return { result: { Key: key, ...amounts, Release, Since, Nonce } };
      },
    }),
    getbalance: method<LedgerCalls['getbalance']>({
      summary: 'the tokens that an account can send or bond; "0" where there is no such account',
      access: 'reading',
      params: { account: accountName },
      result: { name: 'balance', schema: amount },
      run: ({ account: key }) => ({ result: String(ledger.accountOf(key)?.balance ?? 0n) }),
    }),
    getnonce: method<LedgerCalls['getnonce']>({
      summary: 'the Nonce that the next transaction of an account should have, behind those of it that wait',
      access: 'reading',
      params: { account: accountName },
      result: { name: 'nonce', schema: count },
      run: ({ account: key }) => ({ result: ledger.nextNonce(key) }),
    }),
    getproof: method<LedgerCalls['getproof']>({
      summary:
        'an account with the path to StateRoot of the last block, and that block: together they prove what it has',
      access: 'reading',
      params: { account: accountName },
      result: { name: 'proof', schema: { type: 'object' } },
      async run({ account: key }) {
        const proof = ledger.proveAccount(key);
        if (proof === undefined) return noAccount(key);
        const block = await readBlock(proof.Index);
        if (block === undefined) return notFound(`block ${proof.Index} cannot be read`);
        return { result: { ...proof, Block: block } };
      },
    }),
    getsupply: method<LedgerCalls['getsupply']>({
      summary: 'all tokens that there are behind the last block',
      access: 'reading',
      params: {},
      result: { name: 'supply', schema: exactly({ Index: count, Supply: amount, Accounts: count, Reward: amount }) },
      run() {
        const { nextIndex, supply, accountCount, terms } = ledger;
        const result = { Index: nextIndex - 1, Supply: String(supply), Accounts: accountCount };
        return { result: { ...result, Reward: String(terms.reward) } };
      },
    }),
    getrawmempool: method<LedgerCalls['getrawmempool']>({
      summary:
        'the transactions that wait for a block, in the order in which they came: their Ids, or the first of them whole',
      access: 'reading',
      params: { verbose: yesOrNo(`whether to show them whole, ${limits.transactionsPerAnswerMax} at most`) },
      result: {
        name: 'transactions',
        schema: {
          type: 'array',
          items: { oneOf: [hash, exactly({ Id: hash, Transaction: { type: 'object' } })] },
        },
      },
      run({ verbose }) {
        const waiting = ledger.waiting();
        if (!verbose) return { result: waiting.map(({ id }) => id) };
        const shown = waiting.slice(0, limits.transactionsPerAnswerMax);
        return { result: shown.map(({ id, transaction }) => ({ Id: id, Transaction: transaction })) };
      },
    }),
    gettransaction: method<LedgerCalls['gettransaction']>({
      summary:
        'where a transaction is: pending, included in block Index, or expired, replaced, refused or evicted behind it',
      access: 'reading',
      params: { id: hashText('the Id of a transaction') },
      result: {
        name: 'transaction',
        schema: exactly(
          {
            Id: hash,
            State: { type: 'string', enum: ['pending', 'included', 'expired', 'replaced', 'refused', 'evicted'] },
            Index: count,
            Transaction: { type: 'object' },
          },
          ['Index', 'Transaction'],
        ),
      },
      async run({ id }) {
        const status = await ledger.statusOf(id);
        switch (status.kind) {
          case 'pending':
            return { result: { Id: id, State: status.kind, Transaction: status.checked.transaction } };
          case 'included': {
            const transaction = await ledger.transactionIn(status.index, id);
            const shown = transaction === undefined ? {} : { Transaction: transaction };
            return { result: { Id: id, State: status.kind, Index: status.index, ...shown } };
          }
          case 'gone':
            return { result: { Id: id, State: transactionStates[status.reason], Index: status.index } };
          case 'unknown':
            return notFound(`no transaction with the Id ${id} is known here: it was never sent, or is long gone`);
        }
      },
    }),
    testmempoolaccept: method<LedgerCalls['testmempoolaccept']>({
      summary: 'whether sendrawtransaction would take a transaction, and why not',
      access: 'reading',
      params: { transaction: signedTransaction },
      result: {
        name: 'acceptance',
        schema: exactly({ Accepted: { type: 'boolean' }, Id: hash, Why: { type: 'string' }, NextNonce: count }, [
          'Id',
          'Why',
          'NextNonce',
        ]),
      },
      run({ transaction }) {
        const tested = ledger.test(transaction);
        switch (tested.kind) {
          case 'acceptable':
            return { result: { Accepted: true, Id: tested.id } };
          case 'known':
            return { result: { Accepted: false, Id: tested.id, Why: 'it waits already' } };
          case 'refused': {
            const next = tested.nextNonce === undefined ? {} : { NextNonce: tested.nextNonce };
            return { result: { Accepted: false, Why: tested.why, ...next } };
          }
        }
      },
    }),
    sendrawtransaction: method<LedgerCalls['sendrawtransaction']>({
      summary: 'have a signed transaction wait for a block; its Id, once it is stored',
      access: 'reading',
      params: { transaction: signedTransaction },
      result: { name: 'id', schema: hash },
      async run({ transaction }) {
        const submitted = ledger.submit(transaction);
        if (submitted.kind === 'refused') return transactionRefused(submitted.why, submitted.nextNonce);
        if (submitted.kind === 'accepted') await submitted.stored;
        return { result: submitted.id };
      },
    }),
  };
}

/** The error of a transaction that the ledger would not take. */
export function transactionRefused(
  why: string,
  nextNonce?: number,
): { readonly error: typeof callErrors.transactionRefused } {
  const next = nextNonce === undefined ? '' : `. The next Nonce of this account is ${nextNonce}`;
  return { error: { ...callErrors.transactionRefused, data: `${why}${next}` } };
}

function noAccount(key: string): ReturnType<typeof notFound> {
  return notFound(`there is no account ${key}: it comes into being with the first tokens that it gets`);
}
