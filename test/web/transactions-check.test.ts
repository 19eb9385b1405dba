import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import type { LedgerSummary } from '../../src/core/block.ts';
import { buildGenesis } from '../../src/core/build-block.ts';
import { verifySignature } from '../../src/core/portable-ed25519.ts';
import { SumTree } from '../../src/core/sum-tree.ts';
import { signTransaction, type Transaction, transactionId, transactionLeaf } from '../../src/ledger/transaction.ts';
import { walletSigner } from '../../src/platform/wallet-keys.ts';
import { replaceField } from '../../src/web/tampering.ts';
import {
  type CheckedTransactions,
  checkTransactions,
  ledgerOf,
  supplyChangeWords,
} from '../../src/web/transactions-check.ts';
import { authority, hexOf } from '../core/build-chain.ts';
import { smallLedger } from '../core/build-kinds.ts';

const phrase = 'abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about';
const sender = walletSigner(phrase, 0);
const genesis = buildGenesis('2026-01-01T00:00:00.000Z', {
  Version: 2,
  Consensus: { Kind: 'instant' },
  Authority: authority.key,
  Ledger: smallLedger,
});

function knownLedger(): NonNullable<ReturnType<typeof ledgerOf>> {
  const ledger = ledgerOf(genesis);
  if (ledger === undefined) throw new Error('no ledger');
  return ledger;
}

const ledger = knownLedger();
const transactions: readonly Transaction[] = [0, 1, 2].map((Nonce) => {
  const request = { Kind: 'transfer', To: hexOf('ben'), Amount: '5', Fee: String(Nonce), Nonce, Until: 9 } as const;
  return signTransaction(genesis.Hash, request, sender);
});

function summaryOf(all: readonly Transaction[]): LedgerSummary {
  const leaves = all.map((each) => transactionLeaf(transactionId(genesis.Hash, each), each));
  const { hash, sum } = all.length === 0 ? { hash: '', sum: 0n } : runToEnd(SumTree.grow(leaves)).root;
  const counts = { Transactions: all.length, Fees: String(sum), TransactionRoot: hash };
  return { ...counts, Accounts: 3, Supply: '1051', StateRoot: hexOf('state') };
}

function check(summary: LedgerSummary, entries: readonly unknown[]): CheckedTransactions {
  return runToEnd(checkTransactions({ ledger, summary, transactions: entries }, verifySignature));
}

describe('the check of the transactions of a block', () => {
  it('recomputes root and fees, also of a block that has none', () => {
    const { steps, fault } = check(summaryOf(transactions), transactions);
    expect([steps.length, fault]).toEqual([1, undefined]);
    const { TransactionRoot } = summaryOf(transactions);
    expect(steps[0]?.numbers.filter(([, value]) => value === TransactionRoot).length).toBe(2);
    expect(check(summaryOf([]), []).fault).toBeUndefined();
  });

  it('finds a changed amount by its signature, and one that is missing, repeated or moved by the root', () => {
    const summary = summaryOf(transactions);
    const richer = replaceField(transactions, [1, 'Amount'], '500');
    if (!Array.isArray(richer)) throw new Error('no transactions');
    expect(check(summary, richer).fault?.why).toContain('transaction 2 does not hold: Signature is not that of From');
    expect(check(summary, transactions.slice(1)).fault?.why).toBe('there are 2, but the block says 3');
    expect(check(summary, transactions.toReversed()).fault?.why).toBe('they do not lead to TransactionRoot');
    expect(check({ ...summary, Fees: '4' }, transactions).fault?.why).toBe('their fees are 3, but the block says 4');
    expect(check(summary, [5]).fault?.why).toContain('transaction 1 does not hold');
  });

  it('says where the tokens come from, and what burned', () => {
    const words = (supply: string): string =>
      supplyChangeWords(ledger.terms, { Ledger: { ...summaryOf(transactions), Supply: supply } }, '1001');
    expect(words('1051')).toContain(
      'Its validator got 53 tokens: 50 that came into being with the block, and 3 of fees. StateRoot',
    );
    expect(words('1041')).toContain('10 tokens at stake burned with it.');
    expect(supplyChangeWords(ledger.terms, {}, '1')).toBe('');
  });

  it('has no ledger where the genesis has none, or is none', () => {
    const bare = buildGenesis('2026-01-01T00:00:00.000Z', {
      Version: 2,
      Consensus: { Kind: 'instant' },
      Authority: authority.key,
    });
    expect([ledgerOf(bare), ledgerOf({})]).toEqual([undefined, undefined]);
  });
});
