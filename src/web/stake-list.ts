import type { Segment } from '../http/api/types.ts';
import { amountText, pluralizeAmount, shareText } from './amount-text.ts';
import { element, renewRows, setText } from './elements.ts';
import { uiConstants } from './ui-constants.ts';
import { swatchOf, validatorLink } from './validator-name.ts';

/** The segment of a single validator. */
interface ValidatorSegment extends Segment {
  readonly validator: string;
}

/** Lists the stakes of a pool, the largest first: as many as there is room for, or, after a click, all that have a segment. */
export class StakeList {
  readonly root: HTMLElement = element('ol', { class: 'stakes', 'aria-label': 'Largest stakes' });
  readonly #button: HTMLElement = element('button', { type: 'button', class: 'plain' });
  /** Always the same element, because a new row would take the focus away from its button. */
  readonly #more: HTMLElement = element('li', { 'data-key': 'more', class: 'more' }, this.#button);
  #segments: readonly Segment[] = [];
  #isWhole = false;

  constructor() {
    this.#button.addEventListener('click', () => {
      this.#isWhole = !this.#isWhole;
      this.show(this.#segments);
    });
  }

  /** Shows the stakes of these segments; that of the winner, if there is one, comes first. */
  show(segments: readonly Segment[]): void {
    this.#segments = segments;
    const own = largestFirst(segments);
    const people = segments.reduce((sum, { count }) => sum + count, 0);
    const total = String(segments.reduce((sum, { stake }) => sum + BigInt(stake), 0n));
    // The row that counts the rest takes the place of one stake.
    const room = people > uiConstants.stakesMax ? uiConstants.stakesMax - 1 : people;
    const rows = own.slice(0, this.#isWhole ? own.length : room).map((one) => stakeRow(one, total));
    const nameless = people - own.length;
    const words = own.length === 0 ? pluralizeAmount(nameless, 'validator') : `and ${amountText(nameless)} more`;
    const rest = element(
      'li',
      { 'data-key': 'rest', class: 'more' },
      element('span', {}, `${words}, too many to name`),
    );
    setText(this.#button, this.#isWhole ? 'only the largest' : `and ${amountText(people - rows.length)} more`);
    this.#button.ariaExpanded = String(this.#isWhole);
    const hasMore = own.length > room;
    const hasRest = nameless > 0 && rows.length === own.length;
    renewRows(this.root, [...rows, ...(hasRest ? [rest] : []), ...(hasMore ? [this.#more] : [])]);
  }
}

function largestFirst(segments: readonly Segment[]): readonly ValidatorSegment[] {
  const own = segments.flatMap(({ validator, ...segment }) =>
    validator === undefined ? [] : [{ ...segment, validator }],
  );
  return own.sort((one, other) => {
    if (one.isWinner !== other.isWinner) return one.isWinner === true ? -1 : 1;
    return Number(other.stake) - Number(one.stake);
  });
}

function stakeRow({ validator, stake, isWinner, ...profile }: ValidatorSegment, total: string): HTMLElement {
  const row = element(
    'li',
    { 'data-key': validator },
    swatchOf(validator, profile),
    validatorLink(validator, profile),
    element('span', { class: 'number' }, pluralizeAmount(stake, 'token')),
    element('span', { class: 'share' }, `${shareText(stake, total)}${isWinner === true ? ', winner' : ''}`),
  );
  if (isWinner === true) row.classList.add('winner');
  return row;
}
