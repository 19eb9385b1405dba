import type { LedgerSummary } from '../core/block.ts';
import type { LedgerFault } from './judge-block.ts';
import type { LedgerTerms } from './ledger-rules.ts';
import { limits } from './limits.ts';

/**
 * The rule that a block's summary breaks, as far as blocks alone prove it: what lies beside them is not needed. `before` is the summary of the
 * block before, or the accounts and the supply of the genesis.
 */
export function findSummaryFault(
  { reward, minFee, transfersOnly }: LedgerTerms,
  before: Pick<LedgerSummary, 'Accounts' | 'Supply'>,
  { Transactions, Fees, TransactionRoot, Accounts, Supply }: LedgerSummary,
): LedgerFault | undefined {
  const transactions = (why: string): LedgerFault => ({ rule: 'transactions', why });
  const state = (why: string): LedgerFault => ({ rule: 'state', why });
  if (Transactions > limits.transactionsPerBlockMax) {
    return transactions(`Transactions is ${Transactions}, but a block takes at most ${limits.transactionsPerBlockMax}`);
  }
  if (Transactions === 0 && Fees !== '0') return transactions(`Fees is ${Fees}, but there are no transactions`);
  if ((Transactions === 0) !== (TransactionRoot === '')) {
    return transactions('TransactionRoot must be empty without transactions, and only then');
  }
  if (BigInt(Fees) < BigInt(Transactions) * minFee) {
    return transactions(`Fees is ${Fees}, but each of ${Transactions} transactions pays at least ${minFee}`);
  }
  // A transfer creates one account at most, and the reward another one.
  if (Accounts < before.Accounts || Accounts > before.Accounts + Transactions + 1) {
    return state(`Accounts is ${Accounts}, but there were ${before.Accounts}, and ${Transactions} transactions`);
  }
  const supplyMax = BigInt(before.Supply) + reward;
  const burns = !transfersOnly && Transactions > 0;
  if (BigInt(Supply) > supplyMax || (!burns && BigInt(Supply) < supplyMax)) {
    return state(`Supply is ${Supply}, but ${burns ? 'may be at most' : 'should be'} ${supplyMax}`);
  }
  return undefined;
}
