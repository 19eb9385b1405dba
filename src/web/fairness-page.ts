import { oddsText } from '../base/formatting.ts';
import { lookbacks } from '../http/api/query.ts';
import type { FairnessAnswer, ValidatorStats } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { fetchFairness, fetchStatus } from './api-client.ts';
import { type Column, cells, drawing, element, renewRows, setText, table } from './elements.ts';
import { subscribe } from './event-client.ts';
import { fairnessPlot } from './fairness-plot.ts';
import { type FairnessSelection, selectForFairness } from './fairness-selection.ts';
import { expectationText, fairnessText } from './fairness-text.ts';
import { showNavigation } from './navigation.ts';
import { Refresher } from './refresher.ts';
import { uiConstants } from './ui-constants.ts';
import { swatchOf, validatorLink } from './validator-name.ts';

const columns: readonly Column[] = [
  { title: 'Validator', isName: true },
  { title: 'Wins', isNumber: true },
  { title: 'Expected wins', isNumber: true },
  { title: 'What chance allows (95 %)' },
  { title: 'Rounds', isNumber: true, isSpare: true },
  { title: 'By chance as far off', isNumber: true },
];

/** The wins of all validators, compared with the expectation from their stakes, and with what chance allows. */
export class FairnessPage {
  readonly root: HTMLElement;
  readonly #last: string;
  readonly #verdict: HTMLElement = element('p', { class: 'lead', role: 'status' });
  readonly #basis: HTMLElement = element('p', { class: 'quiet' });
  readonly #rows: HTMLTableSectionElement = element('tbody');
  readonly #table: HTMLElement = table(columns, this.#rows);
  /** The others of many: their rows are made when they are asked for. */
  readonly #restRows: HTMLTableSectionElement = element('tbody');
  readonly #restTitle: HTMLElement = element('summary');
  readonly #rest: HTMLDetailsElement = element('details', {}, this.#restTitle, table(columns, this.#restRows));
  readonly #plot: HTMLElement = element('div');
  readonly #choices: HTMLElement;
  #selection: FairnessSelection = { first: [], rest: [] };
  readonly #refresher = new Refresher(() => this.#fetch());

  constructor(last: string) {
    this.#last = last;
    this.#table.hidden = true;
    this.#rest.hidden = true;
    this.#rest.addEventListener('toggle', () => this.#showRest());
    const choices = lookbacks.map((choice) => {
      const name = choice === 'all' ? 'all rounds' : `the last ${choice}`;
      const attributes: Record<string, string> = { href: choice === 'all' ? '/fairness' : `/fairness?last=${choice}` };
      if (choice === last) Object.assign(attributes, { 'aria-current': 'true', class: 'chosen' });
      return element('a', attributes, name);
    });
    this.#choices = element('nav', { class: 'choices', 'aria-label': 'Rounds' }, ...choices);
    this.root = element(
      'div',
      { class: 'sheet' },
      element('h1', {}, 'Is this luck?'),
      this.#choices,
      this.#verdict,
      this.#plot,
      this.#table,
      this.#rest,
      this.#basis,
    );
  }

  /** Shows the statistics, and refreshes them after every draw. Rejects when the first fetch fails. */
  async start(): Promise<void> {
    await this.#refresher.refresh();
    // When a fetch fails, the page stays as it is: the next draw or reconnection fetches again.
    const refresh = (): void => void this.#refresher.refresh().catch(() => undefined);
    if (!this.#choices.hidden) subscribe({ onDraw: refresh, onSnapshot: refresh, onStatus: refresh });
  }

  async #fetch(): Promise<void> {
    const [fairness, status] = await Promise.all([fetchFairness(this.#last), fetchStatus()]);
    const { height, consensus } = status;
    showNavigation(status);
    this.#choices.hidden = consensus !== 'lottery';
    if (consensus === 'lottery') this.#show(fairness, height);
    else
      setText(
        this.#verdict,
        'Nothing is drawn in this chain, so there is no luck to judge: every block is checked on its own.',
      );
  }

  #show(fairness: FairnessAnswer, height: number): void {
    const { rounds, validators, roundsLeftOut, validatorsLeftOut } = fairness;
    setText(this.#verdict, fairnessText(fairness, height));
    const older = roundsLeftOut > 0 ? ` ${pluralizeAmount(roundsLeftOut, 'older round')} left out.` : '';
    const others =
      validatorsLeftOut > 0 ? ` ${pluralizeAmount(validatorsLeftOut, 'smaller validator')} not listed.` : '';
    this.#basis.textContent = `What to expect is added up round by round from the pools as they were: a stake of a third of the pool is worth a third of a win in that round, and nothing in a round it sat out. The last column says of how many lotteries chance alone leads as far from that, or further.${older}${others}`;
    this.#selection = selectForFairness(validators);
    const { first, rest } = this.#selection;
    this.#plot.replaceChildren(...(validators.length < uiConstants.fairnessPlotMin ? [] : [fairnessPlot(validators)]));
    this.#table.hidden = rounds === 0;
    this.#rest.hidden = rest.length === 0;
    setText(this.#restTitle, `and ${amountText(rest.length)} more, all within what chance allows`);
    renewRows(this.#rows, rowsOf(first, mostOf(validators)));
    this.#showRest();
  }

  #showRest(): void {
    const { first, rest } = this.#selection;
    renewRows(this.#restRows, this.#rest.open ? rowsOf(rest, mostOf([...first, ...rest])) : []);
  }
}

/** The most wins that a drawing of these validators has to have room for. */
function mostOf(validators: readonly ValidatorStats[]): number {
  return Math.max(1, ...validators.map(({ wins, high }) => Math.max(wins, high)));
}

function rowsOf(validators: readonly ValidatorStats[], most: number): readonly HTMLTableRowElement[] {
  return validators.map((stats) => validatorRow(stats, most));
}

function validatorRow(
  { validator, rounds, expectedWins, wins, low, high, pValue, ...profile }: ValidatorStats,
  most: number,
): HTMLTableRowElement {
  const verdict = wins < low ? 'fewer than that' : wins > high ? 'more than that' : '';
  const row = element(
    'tr',
    { 'data-key': validator },
    ...cells(
      columns,
      element('span', {}, swatchOf(validator, profile), ' ', validatorLink(validator, profile)),
      element('strong', {}, amountText(wins)),
      expectationText(expectedWins),
      element(
        'span',
        { class: 'band' },
        bandOf(expectedWins, wins, low, high, most),
        element('span', {}, `${low} to ${high}`),
        ' ',
        verdict,
      ),
      amountText(rounds),
      oddsText(pValue),
    ),
  );
  if (verdict !== '') row.classList.add('odd');
  return row;
}

/** A drawing of the range that chance allows (a band), the expected wins (a line) and the wins (a dot). */
function bandOf(expected: number, wins: number, low: number, high: number, most: number): SVGElement {
  const at = (value: number): string => String(4 + (value / most) * 192);
  return drawing(
    'svg',
    { viewBox: '0 0 200 16', 'aria-hidden': 'true' },
    drawing('line', { class: 'axis', x1: '4', x2: '196', y1: '8', y2: '8' }),
    drawing('rect', {
      class: 'chance',
      x: at(low),
      y: '4',
      width: String(Math.max(2, ((high - low) / most) * 192)),
      height: '8',
      rx: '2',
    }),
    drawing('line', { class: 'expected', x1: at(expected), x2: at(expected), y1: '1', y2: '15' }),
    drawing('circle', { class: 'wins', cx: at(wins), cy: '8', r: '4' }),
  );
}
