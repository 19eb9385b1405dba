import type { IdentifiedTransaction, LedgerStatus } from '../http/api/types.ts';
import { amountText } from './amount-text.ts';
import { fetchMempool } from './api-client.ts';
import { type Column, cells, element, link, renewRows, setText, table } from './elements.ts';
import { accountLink, transactionLink } from './ledger-links.ts';
import { searchTargets, supplyWords, waitingWords } from './ledger-text.ts';
import { Refresher } from './refresher.ts';
import { kindWords, receiverOf } from './transaction-text.ts';

const columns: readonly Column[] = [
  { title: 'Transaction' },
  { title: 'What' },
  { title: 'Tokens', isNumber: true },
  { title: 'Fee', isNumber: true },
];

const fieldId = 'find-in-ledger';

/** What there is in the ledger, and the transactions that wait: these are fetched while a visitor has them open. */
export class LedgerPanel {
  readonly root: HTMLElement;
  readonly #supply: HTMLElement = element('p', {});
  readonly #waiting: HTMLElement = element('summary', {});
  readonly #why: HTMLElement = element('p', { class: 'quiet' });
  readonly #rows: HTMLTableSectionElement = element('tbody', {});
  readonly #details: HTMLDetailsElement = element('details', {}, this.#waiting, this.#why, table(columns, this.#rows));
  readonly #field: HTMLInputElement = element('input', {
    id: fieldId,
    placeholder: 'sort1…, a key, an Id, a number',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
  });
  readonly #targets: HTMLElement = element('p', { role: 'status' });
  readonly #refresher = new Refresher(() => this.#fetch());

  constructor() {
    this.#details.addEventListener('toggle', () => this.#refresh());
    this.#field.addEventListener('input', () => this.#showTargets());
    const search = element(
      'div',
      { class: 'search' },
      element('label', { for: fieldId }, 'Find an account, a transaction or a block'),
      this.#field,
      this.#targets,
    );
    this.root = element(
      'section',
      { class: 'ledger', 'aria-label': 'The ledger' },
      this.#supply,
      search,
      this.#details,
    );
  }

  show(ledger: LedgerStatus): void {
    setText(this.#supply, supplyWords(ledger));
    setText(this.#waiting, waitingWords(ledger));
    this.#refresh();
  }

  /** Nothing is asked of the server before a visitor follows a link. */
  #showTargets(): void {
    const targets = searchTargets(this.#field.value);
    this.#targets.replaceChildren(...targets.flatMap(({ path, words }) => [link(path, words), ' ']));
  }

  #refresh(): void {
    if (this.#details.open) void this.#refresher.refresh();
  }

  async #fetch(): Promise<void> {
    try {
      const { count, transactions } = await fetchMempool();
      renewRows(this.#rows, transactions.map(waitingRow));
      const left = count - transactions.length;
      setText(
        this.#why,
        left > 0
          ? `Those with the highest fees, which blocks take first; ${amountText(left)} more wait.`
          : 'Those with the highest fees come first, and blocks take them first.',
      );
    } catch {
      setText(this.#why, 'What waits cannot be had from the server now.');
    }
  }
}

function waitingRow({ id, transaction }: IdentifiedTransaction): HTMLElement {
  const receiver = receiverOf(transaction);
  const what = element('span', {}, accountLink(transaction.From), ` ${kindWords(transaction)} `);
  if (receiver !== undefined) what.append(accountLink(receiver));
  const tokens = 'Amount' in transaction ? amountText(transaction.Amount) : '';
  return element(
    'tr',
    { 'data-key': id },
    ...cells(columns, transactionLink(id), what, tokens, amountText(transaction.Fee)),
  );
}
