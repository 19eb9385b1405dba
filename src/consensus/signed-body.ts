import { parseSignedCandidate, type SignedCandidate } from '../ledger/candidate.ts';
import { parseTransaction } from '../ledger/parse-transaction.ts';
import type { Transaction } from '../ledger/transaction.ts';
import type { BlockBody } from './consensus.ts';
import type { SignedBody } from './engine.ts';

/** Parses what the ledger of a block is judged by. Only keys and formats are checked; undefined where they are others. */
export function parseSignedBody({ Transactions: entries, Candidates: pool }: BlockBody): SignedBody | undefined {
  if (!Array.isArray(entries)) return undefined;
  const Transactions: Transaction[] = [];
  for (const entry of entries) {
    const parsed = parseTransaction(entry);
    if ('why' in parsed) return undefined;
    Transactions.push(parsed.value);
  }
  if (pool === undefined) return { Transactions };
  if (!Array.isArray(pool)) return undefined;
  const Candidates: SignedCandidate[] = [];
  for (const entry of pool) {
    const parsed = parseSignedCandidate(entry);
    if ('why' in parsed) return undefined;
    Candidates.push(parsed.value);
  }
  return { Transactions, Candidates };
}
