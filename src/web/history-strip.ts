import type { DrawnBlock } from '../core/block.ts';
import { amountText } from './amount-text.ts';
import { element, link, renewRows } from './elements.ts';
import type { ProfileBook } from './profile-book.ts';
import { uiConstants } from './ui-constants.ts';
import { fullName, paint } from './validator-name.ts';

/** The last rounds as a strip that can be scrolled: a field for each block in the colour of its winner, the newest first. */
export class HistoryStrip {
  readonly root: HTMLElement;
  readonly #profiles: ProfileBook;
  readonly #chips: HTMLElement = element('ol', { 'aria-label': 'Winners of the last rounds' });
  readonly #older: HTMLElement = element('button', { type: 'button', class: 'plain' }, 'older');

  /** @param showOlder is called when older blocks than those that are shown are wanted */
  constructor(profiles: ProfileBook, showOlder: () => void) {
    this.#profiles = profiles;
    this.#older.addEventListener('click', showOlder);
    this.#older.hidden = true;
    this.root = element('div', { class: 'history' }, this.#chips, this.#older);
  }

  /** Shows these blocks, the newest first and without a gap. */
  show(blocks: readonly DrawnBlock[]): void {
    const shown = blocks.slice(0, uiConstants.historyMax);
    renewRows(
      this.#chips,
      shown.map((block) => this.#chip(block)),
    );
    const oldest = shown.at(-1);
    this.#older.hidden = oldest === undefined || oldest.Index === 1 || shown.length === uiConstants.historyMax;
  }

  #chip({ Index, Validator, Draw }: DrawnBlock): HTMLElement {
    const profile = this.#profiles.of(Validator);
    const chip = link(`/blocks/${Index}`);
    chip.title = `block ${amountText(Index)}: ${fullName(Validator, profile)}, ${amountText(Draw.Stake)} of ${amountText(Draw.TotalStake)}`;
    chip.ariaLabel = chip.title;
    chip.className = 'chip';
    paint(chip, Validator, profile);
    return element('li', { 'data-key': String(Index) }, chip);
  }
}
