import { shortHash } from '../base/formatting.ts';
import type { Participation, ValidatorHistory } from '../http/api/types.ts';
import { amountText, pluralizeAmount, shareText } from './amount-text.ts';
import { fetchHistory } from './api-client.ts';
import { type Column, cells, element, link, table } from './elements.ts';
import { uiConstants } from './ui-constants.ts';
import { winsChart } from './wins-chart.ts';

/** One validator: its rounds, and its wins over time compared with the expectation. */
export class ValidatorPage {
  readonly root: HTMLElement;

  private constructor({ validator, isConnected, firstBlock, parts, name }: ValidatorHistory, hasLedger: boolean) {
    const wins = parts.filter(({ isWinner }) => isWinner).length;
    const since = firstBlock !== null && firstBlock > 1 ? `, counted from block ${amountText(firstBlock)} on` : '';
    const words =
      parts.length === 0
        ? 'It took part in no round that is remembered.'
        : `It took part in ${pluralizeAmount(parts.length, 'round')} and won ${amountText(wins)}${since}.`;
    this.root = element(
      'div',
      { class: 'sheet' },
      element(
        'h1',
        {},
        ...(name === undefined ? ['Validator'] : [element('span', { class: 'name' }, name)]),
        ' ',
        element('span', { class: 'hash' }, shortHash(validator)),
      ),
      element('p', { class: 'hash address quiet' }, validator),
      element('p', {}, `${isConnected ? 'Connected now.' : 'Not connected.'} ${words}`),
      ...(hasLedger ? [element('p', {}, link(`/accounts/${validator}`, 'Its account'))] : []),
      winsChart(parts),
      ...(parts.length < 2
        ? []
        : [
            element(
              'p',
              { class: 'quiet' },
              'The line: how many more wins it has than its stakes let expect. The band: what chance allows, two standard deviations.',
            ),
          ]),
      ...(parts.length > uiConstants.roundsMax
        ? [
            element(
              'p',
              { class: 'quiet' },
              `The newest ${uiConstants.roundsMax} of these ${amountText(parts.length)} rounds:`,
            ),
          ]
        : []),
      ...(parts.length === 0 ? [] : [partTable(parts)]),
    );
  }

  /** Fetches the rounds of the validator whose address begins with `prefix`. Rejects when there is none, or more than one. */
  static async load(prefix: string, hasLedger: boolean): Promise<ValidatorPage> {
    return new ValidatorPage(await fetchHistory(prefix), hasLedger);
  }
}

const columns: readonly Column[] = [
  { title: 'Block' },
  { title: 'Stake', isNumber: true },
  { title: 'Pool', isNumber: true },
  { title: 'Share', isNumber: true },
  { title: 'Result' },
];

function partTable(parts: readonly Participation[]): HTMLElement {
  const rows = parts
    .slice(-uiConstants.roundsMax)
    .reverse()
    .map(({ index, stake, totalStake, isWinner }) => {
      const block = link(`/blocks/${index}`, amountText(index));
      const result = isWinner ? element('strong', {}, 'won') : 'did not win';
      const numbers = [amountText(stake), amountText(totalStake), shareText(stake, totalStake)];
      return element('tr', {}, ...cells(columns, block, ...numbers, result));
    });
  return table(columns, element('tbody', {}, ...rows));
}
