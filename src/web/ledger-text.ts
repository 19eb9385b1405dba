import type { LedgerStatus } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';

/** How many tokens there are, and how they come to be. */
export function supplyWords({ supply, accounts, reward }: LedgerStatus): string {
  const held = `${pluralizeAmount(supply, 'token')} in ${pluralizeAmount(accounts, 'account')}`;
  return reward === '0' ? `${held}.` : `${held}; each block brings ${amountText(reward)} more.`;
}

/** How many transactions wait. */
export function waitingWords({ waiting }: Pick<LedgerStatus, 'waiting'>): string {
  if (waiting === 0) return 'No transaction waits for a block';
  return `${pluralizeAmount(waiting, 'transaction')} ${waiting === 1 ? 'waits' : 'wait'} for a block`;
}

/** Where a typed text may lead. */
export interface SearchTarget {
  readonly path: string;
  readonly words: string;
}

/** A block, an account or a transaction that a typed text may be the name of, in a chain with a ledger. */
export function searchTargets(text: string): readonly SearchTarget[] {
  const typed = text.trim();
  const lower = typed.toLowerCase();
  const [, block] = /^(?:block\s*)?(\d{1,15})$/i.exec(typed) ?? [];
  const targets: SearchTarget[] = [];
  if (block !== undefined) targets.push({ path: `/blocks/${Number(block)}`, words: `Block ${Number(block)}` });
  if (/^sort1[02-9ac-hj-np-z]{58}$/.test(lower)) {
    targets.push({ path: `/accounts/${lower}`, words: 'The account with this address' });
  }
  if (/^[0-9a-f]{64}$/.test(lower)) {
    targets.push({ path: `/accounts/${lower}`, words: 'The account with this key' });
    targets.push({ path: `/transactions/${lower}`, words: 'The transaction with this Id' });
  }
  return targets;
}
