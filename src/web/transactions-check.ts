import { type LedgerTip, ledgerOfGenesis } from '../consensus/ledger-check.ts';
import type { LedgerSummary, SealedBlock } from '../core/block.ts';
import type { VerifySignature } from '../core/keys.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import { type SumNode, SumTree } from '../core/sum-tree.ts';
import { type CheckedTransaction, LedgerRules } from '../ledger/ledger-rules.ts';
import { transactionLeaf } from '../ledger/transaction.ts';
import type { BlockStep } from './block-steps.ts';

/** The transactions of a block as they were fetched, and what the block says of them. None of it is trusted. */
export interface TransactionsEvidence {
  readonly ledger: LedgerTip;
  readonly summary: LedgerSummary;
  readonly transactions: readonly unknown[];
}

/** What the check of the transactions of a block found: the steps with their numbers, and the first fault. */
export interface CheckedTransactions {
  readonly steps: readonly BlockStep[];
  readonly fault: { readonly rule: 'transactions'; readonly why: string } | undefined;
}

/** The ledger that a genesis begins; undefined in a chain without one, and where it is no genesis. */
export function ledgerOf(genesis: unknown): LedgerTip | undefined {
  const parsed = parseGenesisBlock(genesis);
  return 'why' in parsed ? undefined : ledgerOfGenesis(parsed.value);
}

/**
 * Checks what of the transactions of a block can be checked without the accounts before it: form, fee and signature of each, and that together they
 * lead to TransactionRoot and Fees. Yields after every transaction and hash.
 */
export function* checkTransactions(
  { ledger, summary, transactions }: TransactionsEvidence,
  verifySignature: VerifySignature,
): Generator<void, CheckedTransactions> {
  const rules = new LedgerRules(ledger.terms, verifySignature);
  const checked: CheckedTransaction[] = [];
  const wrong = (why: string): CheckedTransactions => ({ steps: [], fault: { rule: 'transactions', why } });
  for (const [place, json] of transactions.entries()) {
    const read = rules.checkTransaction(json);
    if ('why' in read) return wrong(`transaction ${place + 1} does not hold: ${read.why}`);
    checked.push(read.value);
    yield;
  }
  const leaves = checked.map(({ id, transaction }) => transactionLeaf(id, transaction));
  const root: SumNode = leaves.length === 0 ? { hash: '', sum: 0n } : (yield* SumTree.grow(leaves)).root;
  const steps: readonly BlockStep[] = [
    {
      rule: 'transactions',
      title: 'Its transactions lead to TransactionRoot, and their fees to Fees',
      numbers: [
        ['transactions', String(checked.length)],
        ...leaves
          .slice(0, 3)
          .map(({ hash }, place): [string, string] => [`leaf ${place + 1}, of Id and signature`, hash]),
        ['their root, recomputed', root.hash === '' ? 'none' : root.hash],
        ['TransactionRoot, as the block says', summary.TransactionRoot === '' ? 'none' : summary.TransactionRoot],
        ['fees, added up', String(root.sum)],
        ['Fees, as the block says', summary.Fees],
      ],
    },
  ];
  const why =
    checked.length !== summary.Transactions
      ? `there are ${checked.length}, but the block says ${summary.Transactions}`
      : root.hash !== summary.TransactionRoot
        ? 'they do not lead to TransactionRoot'
        : String(root.sum) !== summary.Fees
          ? `their fees are ${root.sum}, but the block says ${summary.Fees}`
          : undefined;
  return { steps, fault: why === undefined ? undefined : { rule: 'transactions', why } };
}

/** Where the tokens of a block come from and go to, as a sentence: what it paid its validator, and what burned with it. */
export function supplyChangeWords(
  { reward }: LedgerTip['terms'],
  { Ledger }: Pick<SealedBlock, 'Ledger'>,
  supplyBefore: string,
): string {
  if (Ledger === undefined) return '';
  const paid = reward + BigInt(Ledger.Fees);
  const burnt = BigInt(supplyBefore) + reward - BigInt(Ledger.Supply);
  const burns = burnt > 0n ? ` ${burnt} tokens at stake burned with it.` : '';
  return `Its validator got ${paid} tokens: ${reward} that came into being with the block, and ${Ledger.Fees} of fees.${burns} StateRoot is the root of all ${Ledger.Accounts} accounts as they are behind it; the page of each account proves itself against the newest one.`;
}
