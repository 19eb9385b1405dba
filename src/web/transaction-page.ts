import { shortHash } from '../base/formatting.ts';
import type { TransactionAnswer } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { fetchTransaction } from './api-client.ts';
import { element, link } from './elements.ts';
import { accountLink } from './ledger-links.ts';
import { kindWords, receiverOf, stateWords } from './transaction-text.ts';

/** One transaction: what it does and where it is. */
export async function loadTransactionPage(id: string): Promise<HTMLElement> {
  return transactionSheet(await fetchTransaction(id));
}

function transactionSheet(answer: TransactionAnswer): HTMLElement {
  const { id, state, index, transaction } = answer;
  return element(
    'div',
    { class: 'sheet' },
    element('h1', {}, 'Transaction ', element('span', { class: 'hash', title: id }, shortHash(id))),
    element('p', { class: 'hash address quiet' }, id),
    element('p', {}, stateWords(answer)),
    ...(state === 'included' && index !== undefined
      ? [element('p', {}, link(`/blocks/${index}`, `Block ${amountText(index)}, where it can be checked`))]
      : []),
    ...(transaction === undefined ? [] : [whatItDoes(transaction)]),
  );
}

function whatItDoes(transaction: NonNullable<TransactionAnswer['transaction']>): HTMLElement {
  const { From, Fee, Nonce, Until } = transaction;
  const receiver = receiverOf(transaction);
  const tokens = 'Amount' in transaction ? `, ${pluralizeAmount(transaction.Amount, 'token')}` : '';
  return element(
    'p',
    {},
    accountLink(From),
    ` ${kindWords(transaction)} `,
    ...(receiver === undefined ? [] : [accountLink(receiver)]),
    `${tokens}, for a fee of ${amountText(Fee)}. It is number ${amountText(Nonce)} of this account, and no block behind ${amountText(Until)} may take it.`,
  );
}
