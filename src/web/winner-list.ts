import { type Block, type DrawnBlock, isDrawn } from '../core/block.ts';
import { amountText } from './amount-text.ts';
import { element, link, renewRows } from './elements.ts';
import type { ProfileBook } from './profile-book.ts';
import { clockTime } from './time-element.ts';
import { uiConstants } from './ui-constants.ts';
import { swatchOf, validatorLink } from './validator-name.ts';

/** Lists the last winners, and keeps earlier draws for the finder. */
export class WinnerList {
  readonly root: HTMLElement = element('ol', { class: 'winners' });
  readonly #profiles: ProfileBook;
  #blocks: readonly DrawnBlock[] = [];

  constructor(profiles: ProfileBook) {
    this.#profiles = profiles;
  }

  /** The kept draws, without a gap, the newest first. */
  get blocks(): readonly DrawnBlock[] {
    return this.#blocks;
  }

  /** Starts again from these blocks, the newest first. Earlier draws are kept only if no draw is missing between. */
  reset(newest: readonly Block[]): void {
    const drawn = newest.filter(isDrawn);
    const oldest = drawn.at(-1)?.Index ?? 0;
    const [first, ...others] = this.#blocks.filter(({ Index }) => Index < oldest);
    const older = first?.Index === oldest - 1 ? [first, ...others] : [];
    this.#show([...drawn, ...older]);
  }

  /** Adds the newest block. */
  add(block: DrawnBlock): void {
    this.#show([block, ...this.#blocks]);
  }

  #show(blocks: readonly DrawnBlock[]): void {
    this.#blocks = blocks.slice(0, uiConstants.drawsKeptMax);
    renewRows(
      this.root,
      this.#blocks.slice(0, uiConstants.winnersMax).map((block) => this.#row(block)),
    );
  }

  #row({ Index, Timestamp, Validator, Draw }: DrawnBlock): HTMLElement {
    return element(
      'li',
      { 'data-key': String(Index) },
      link(`/blocks/${Index}`, `block ${amountText(Index)}`),
      swatchOf(Validator, this.#profiles.of(Validator)),
      validatorLink(Validator, this.#profiles.of(Validator)),
      element('span', { class: 'number' }, `staked ${amountText(Draw.Stake)} of ${amountText(Draw.TotalStake)}`),
      element('time', { datetime: Timestamp, title: new Date(Timestamp).toLocaleString() }, clockTime(Timestamp)),
    );
  }
}
