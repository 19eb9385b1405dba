import { inTurns } from '../base/run-to-end.ts';
import type { LedgerTip } from '../consensus/ledger-check.ts';
import { isGenesis, type SealedBlock } from '../core/block.ts';
import { parseBlock } from '../core/parse-block.ts';
import { verifySignature } from '../core/portable-ed25519.ts';
import { parseTransaction } from '../ledger/parse-transaction.ts';
import { transactionId } from '../ledger/transaction.ts';
import { PageTurns } from '../library/page-turns.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { type BodyAnswer, fetchBody } from './api-client.ts';
import { type Column, cells, element, setText, table } from './elements.ts';
import { accountLink, transactionLink } from './ledger-links.ts';
import { StepList } from './step-list.ts';
import { TamperFields } from './tamper-fields.ts';
import { replaceField } from './tampering.ts';
import { kindWords, receiverOf } from './transaction-text.ts';
import { checkTransactions, ledgerOf, supplyChangeWords } from './transactions-check.ts';
import { uiConstants } from './ui-constants.ts';

const columns: readonly Column[] = [
  { title: 'Transaction' },
  { title: 'What' },
  { title: 'Tokens', isNumber: true },
  { title: 'Fee', isNumber: true },
];

/** The transactions of a block: what each does, what the block says of them, and a check of that in this browser. */
class TransactionsSection {
  readonly root: HTMLElement;
  readonly #ledger: LedgerTip;
  readonly #block: SealedBlock;
  readonly #verdict: HTMLElement = element('p', { class: 'verdict', role: 'status' });
  readonly #tamperVerdict: HTMLElement = element('p', { class: 'verdict', role: 'status' });
  readonly #steps = new StepList();
  readonly #fields = new TamperFields((path, value) => {
    this.#transactions = [replaceField(this.#transactions[0], path, value), ...this.#transactions.slice(1)];
    return this.#check(this.#tamperVerdict);
  });
  /** As the visitor has changed them. */
  #transactions: readonly unknown[];
  #checks = 0;

  constructor(ledger: LedgerTip, block: SealedBlock, supplyBefore: string, body: BodyAnswer) {
    this.#ledger = ledger;
    this.#block = block;
    this.#transactions = 'transactions' in body ? body.transactions : [];
    const count = block.Ledger?.Transactions ?? 0;
    this.root = element(
      'section',
      { class: 'transactions', 'aria-label': 'Its transactions' },
      element('h2', {}, count === 0 ? 'No transactions' : pluralizeAmount(count, 'transaction')),
      element('p', {}, supplyChangeWords(ledger.terms, block, supplyBefore)),
      ...('why' in body ? [element('p', {}, body.why)] : this.#parts(body.transactions)),
    );
  }

  #parts(transactions: readonly unknown[]): readonly HTMLElement[] {
    if (transactions.length === 0) return [];
    const shown = transactions.slice(0, uiConstants.transactionsMax);
    const left = transactions.length - shown.length;
    const check = element('button', { type: 'button' }, 'Check the transactions');
    check.addEventListener('click', () => void this.#check(this.#verdict));
    return [
      table(columns, element('tbody', {}, ...shown.map((json) => this.#row(json)))),
      ...(left > 0 ? [element('p', { class: 'quiet' }, `and ${amountText(left)} more`)] : []),
      element('div', { class: 'check' }, check, this.#verdict),
      this.#steps.root,
      this.#tamperView(transactions),
    ];
  }

  #row(json: unknown): HTMLElement {
    const parsed = parseTransaction(json);
    if ('why' in parsed) return element('tr', {}, ...cells(columns, `no transaction: ${parsed.why}`));
    const transaction = parsed.value;
    const receiver = receiverOf(transaction);
    const what = element('span', {}, accountLink(transaction.From), ` ${kindWords(transaction)} `);
    if (receiver !== undefined) what.append(accountLink(receiver));
    const tokens = 'Amount' in transaction ? amountText(transaction.Amount) : '';
    const id = transactionId(this.#ledger.terms.chainId, transaction);
    return element('tr', {}, ...cells(columns, transactionLink(id), what, tokens, amountText(transaction.Fee)));
  }

  #tamperView(transactions: readonly unknown[]): HTMLElement {
    const restore = element('button', { type: 'button' }, 'As it was');
    restore.addEventListener('click', () => {
      this.#transactions = transactions;
      this.#fields.show(transactions[0]);
      void this.#check(this.#tamperVerdict);
    });
    this.#fields.show(transactions[0]);
    return element(
      'details',
      { class: 'tamper' },
      element('summary', {}, 'Try to cheat with the first transaction'),
      element('p', {}, 'Send more, or to another account, and see what gives it away. The change stays in this page.'),
      this.#tamperVerdict,
      this.#fields.root,
      element('div', { class: 'check' }, restore),
    );
  }

  /** Checks in turns, since a thousand signatures take seconds. The last check that was asked for is the one that is shown. */
  async #check(verdict: HTMLElement): Promise<void> {
    const summary = this.#block.Ledger;
    if (summary === undefined) return;
    this.#checks += 1;
    const own = this.#checks;
    const startMs = performance.now();
    const evidence = { ledger: this.#ledger, summary, transactions: this.#transactions };
    const { steps, fault } = await inTurns(new PageTurns(), checkTransactions(evidence, verifySignature));
    if (own !== this.#checks) return;
    const took = Math.max(1, Math.round(performance.now() - startMs));
    this.#steps.show(steps, fault ?? 'holds');
    const words =
      fault === undefined
        ? `✓ Every signature, TransactionRoot and Fees hold. Checked in ${took} ms, in your browser.`
        : `✗ The transactions break the rule “${fault.rule}”: ${fault.why}.`;
    for (const place of [this.#verdict, this.#tamperVerdict]) setText(place, place === verdict ? words : '');
    verdict.dataset['state'] = fault === undefined ? 'holds' : 'broken';
  }
}

/** The transactions of a block; undefined for block 0, and in a chain without a ledger. */
export async function loadTransactions(
  index: number,
  blocks: { readonly genesis: unknown; readonly previous: unknown; readonly block: unknown },
): Promise<HTMLElement | undefined> {
  const ledger = ledgerOf(blocks.genesis);
  const parsed = parseBlock(blocks.block, index);
  if (ledger === undefined || 'why' in parsed || isGenesis(parsed.value)) return undefined;
  const before = parseBlock(blocks.previous, index - 1);
  const summary = 'why' in before || isGenesis(before.value) ? ledger.summary : (before.value.Ledger ?? ledger.summary);
  return new TransactionsSection(ledger, parsed.value, summary.Supply, await fetchBody(index)).root;
}
