import { shortHash } from '../base/formatting.ts';
import { verifySignature } from '../core/portable-ed25519.ts';
import type { AccountAnswer, AccountEntry, Status } from '../http/api/types.ts';
import { explainAccount, findAccountFault } from './account-proof.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { fetchAccount, fetchBlock } from './api-client.ts';
import { type Column, cells, element, link, setText, table } from './elements.ts';
import { accountLink, transactionLink } from './ledger-links.ts';
import { StepList } from './step-list.ts';
import { entryWords, otherSide } from './transaction-text.ts';

const columns: readonly Column[] = [
  { title: 'Block' },
  { title: 'What' },
  { title: 'Tokens', isNumber: true },
  { title: 'Fee', isNumber: true },
  { title: 'Transaction', isSpare: true },
];

/** One account: what it has, what happened to it, and the proof of it, which this browser checks. */
export class AccountPage {
  readonly root: HTMLElement;
  readonly #account: AccountAnswer;
  readonly #genesis: unknown;
  readonly #steps = new StepList();
  readonly #verdict: HTMLElement = element('p', { class: 'verdict', role: 'status' });

  private constructor(account: AccountAnswer, genesis: unknown, { consensus }: Pick<Status, 'consensus'>) {
    this.#account = account;
    this.#genesis = genesis;
    const { key, address, balance, block } = account;
    const check = element('button', { type: 'button' }, 'Check this balance');
    check.addEventListener('click', () => this.#check());
    this.root = element(
      'div',
      { class: 'sheet' },
      element('h1', {}, 'Account ', element('span', { class: 'hash', title: key }, shortHash(key))),
      element('p', { class: 'hash address quiet' }, address),
      element(
        'p',
        {},
        element('strong', {}, pluralizeAmount(balance, 'token')),
        ' to send or to put at stake, behind ',
        link(`/blocks/${block.Index}`, `block ${amountText(block.Index)}`),
        `. ${stakeWords(account)}${nonceWords(account)}`,
      ),
      ...(consensus === 'lottery'
        ? [element('p', {}, link(`/validators/${key}`, 'The rounds that it took part in'))]
        : []),
      element(
        'details',
        { class: 'key' },
        element('summary', {}, 'Its key'),
        element('p', { class: 'hash address' }, key),
      ),
      element('div', { class: 'check' }, check, this.#verdict),
      this.#steps.root,
      element('h2', {}, 'What happened to it'),
      ...historyParts(account),
    );
  }

  /** Fetches an account by its address or key. Rejects when there is none. */
  static async load(name: string, status: Pick<Status, 'consensus'>): Promise<AccountPage> {
    const [account, genesis] = await Promise.all([fetchAccount(name), fetchBlock(0)]);
    return new AccountPage(account, genesis, status);
  }

  #check(): void {
    const { proof, block } = this.#account;
    const evidence = { proof, block, genesis: this.#genesis };
    const startMs = performance.now();
    const fault = this.#findFault();
    const took = Math.max(1, Math.round(performance.now() - startMs));
    this.#steps.show(explainAccount(evidence), fault ?? 'holds');
    setText(
      this.#verdict,
      fault === undefined
        ? `✓ The account is so behind block ${block.Index}. Checked in ${took} ms, in your browser.`
        : `✗ This is not proved: ${fault.why}.`,
    );
    this.#verdict.dataset['state'] = fault === undefined ? 'holds' : 'broken';
  }

  /** What is shown above is compared, too: a server that shows another balance than it proves is found out. */
  #findFault(): ReturnType<typeof findAccountFault> {
    const { key, balance, bonded, unbonding, release, since, nonce, proof, block } = this.#account;
    const shown = [key, balance, bonded, unbonding, release, since, nonce];
    if (proof.Account.join() !== shown.join())
      return { rule: 'state', why: 'the proof is of another account than the one shown' };
    return findAccountFault({ proof, block, genesis: this.#genesis }, verifySignature);
  }
}

function stakeWords({ bonded, unbonding, release }: AccountAnswer): string {
  const stake = bonded === '0' ? '' : `${pluralizeAmount(bonded, 'token')} at stake. `;
  if (unbonding === '0') return stake;
  return `${stake}${pluralizeAmount(unbonding, 'token')} on the way back from its stake: free from block ${amountText(release)} on. `;
}

function nonceWords({ nonce, nextNonce }: AccountAnswer): string {
  const waiting = nextNonce - nonce;
  const sent =
    nonce === 0
      ? 'It has sent no transaction yet'
      : `${pluralizeAmount(nonce, 'transaction')} of it ${nonce === 1 ? 'is' : 'are'} in blocks`;
  return waiting <= 0 ? `${sent}.` : `${sent}, and ${amountText(waiting)} ${waiting === 1 ? 'waits' : 'wait'}.`;
}

function historyParts({ key, history }: AccountAnswer): readonly HTMLElement[] {
  const { entries, firstBlock } = history;
  const since =
    firstBlock === null || firstBlock <= 1
      ? 'Since the chain began, the newest first.'
      : `Since block ${amountText(firstBlock)}, the newest first; what was before is in the blocks.`;
  if (entries.length === 0) return [element('p', { class: 'quiet' }, `Nothing. ${since}`)];
  const rows = entries.map((entry) => entryRow(entry, key));
  return [element('p', { class: 'quiet' }, since), table(columns, element('tbody', {}, ...rows))];
}

function entryRow(entry: AccountEntry, key: string): HTMLElement {
  const { index, id, from, amount, fee } = entry;
  const other = otherSide(entry, key);
  const what = element('span', {}, entryWords(entry, key), ...(other === undefined ? [] : [' ', accountLink(other)]));
  return element(
    'tr',
    {},
    ...cells(
      columns,
      link(`/blocks/${index}`, amountText(index)),
      what,
      amount === undefined ? 'all' : amountText(amount),
      fee === undefined || from !== key ? '' : amountText(fee),
      id === undefined ? '' : transactionLink(id),
    ),
  );
}
