import { pluralize } from '../base/formatting.ts';
import { type Account, newAccount, released } from './account.ts';
import type { CheckedTransaction, LedgerTerms } from './ledger-rules.ts';
import { limits } from './limits.ts';

/** The account of a key; undefined where there is none. */
export type AccountOf = (key: string) => Account | undefined;

/** The accounts that a transaction changes, in the order in which they come into being, or why the state does not allow it. */
export type Applied = { readonly changed: readonly Account[] } | { readonly why: string };

/** Applies a transaction to the accounts as they are inside of block `index` (SPEC 6). Pure: nothing is changed in place. */
export function applyTransaction(
  accountOf: AccountOf,
  terms: LedgerTerms,
  index: number,
  checked: CheckedTransaction,
): Applied {
  const { transaction, fee, amount } = checked;
  const { From, Nonce, Until } = transaction;
  const account = accountOf(From);
  if (account === undefined)
    return { why: `there is no account ${From}: it must receive tokens before it can do anything` };
  if (Nonce !== account.nonce)
    return { why: `Nonce is ${Nonce}, but the next one of this account is ${account.nonce}` };
  const late = findTimeFault(Until, index);
  if (late !== undefined) return { why: late };

  const before = released(account, index);
  const spends = fee + (transaction.Kind === 'transfer' || transaction.Kind === 'bond' ? amount : 0n);
  if (before.balance < spends)
    return { why: `the balance is ${before.balance}, but Amount and Fee are ${spends} together` };
  const sender = { ...before, balance: before.balance - spends, nonce: account.nonce + 1 };
  switch (transaction.Kind) {
    case 'transfer': {
      const { To } = transaction;
      if (To === From) return { changed: [{ ...sender, balance: sender.balance + amount }] };
      const receiver = released(accountOf(To) ?? newAccount(To), index);
      return { changed: [sender, { ...receiver, balance: receiver.balance + amount }] };
    }
    case 'bond': {
      const isFirst = sender.bonded + sender.unbonding === 0n;
      const since = isFirst ? Math.max(sender.since, index) : sender.since;
      return { changed: [{ ...sender, bonded: sender.bonded + amount, since }] };
    }
    case 'unbond': {
      if (sender.bonded < amount) {
        return { why: `${pluralize(sender.bonded, 'token')} are bonded, but Amount is ${amount}` };
      }
      const release = index + terms.unbonding;
      if (!Number.isSafeInteger(release)) return { why: 'what is unbonded now would never be released' };
      const { bonded, unbonding } = sender;
      return { changed: [{ ...sender, bonded: bonded - amount, unbonding: unbonding + amount, release }] };
    }
    case 'report':
      return applyReport(accountOf, index, checked, sender);
  }
}

/** Until when a transaction may be taken, judged at block `index`; undefined where it may be. */
function findTimeFault(until: number, index: number): string | undefined {
  if (until < index) return `it has expired: Until is ${until}, and this is block ${index}`;
  const last = index + limits.untilAheadMax;
  return until > last ? `Until is ${until}, but in block ${index} it may be at most ${last}` : undefined;
}

/** Burns what the reported validator has at stake. What was due before flows back to it first, and does not burn. */
function applyReport(accountOf: AccountOf, index: number, { offence }: CheckedTransaction, sender: Account): Applied {
  if (offence === undefined) throw new Error('a checked report has an offence');
  const { validator } = offence;
  const account = validator === sender.key ? sender : accountOf(validator);
  if (account === undefined) return { why: `the reported validator ${validator} has no account` };
  if (offence.index > index) {
    return { why: `the offence is in block ${offence.index}, which comes behind this block ${index}` };
  }
  if (offence.index < account.since) {
    return {
      why: `the offence is in block ${offence.index}, but for this validator they count from block ${account.since}`,
    };
  }
  const accused = released(account, index);
  if (accused.bonded + accused.unbonding === 0n) return { why: 'the reported validator has nothing at stake' };
  const burned = { ...accused, bonded: 0n, unbonding: 0n, release: 0, since: index + 1 };
  return { changed: validator === sender.key ? [burned] : [sender, burned] };
}
