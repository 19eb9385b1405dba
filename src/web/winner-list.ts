import { type Block, type DrawnBlock, isDrawn } from '../core/block.ts';
import { parseBlock } from '../core/parse-block.ts';
import { amountText } from './amount-text.ts';
import { fetchBlocks } from './api-client.ts';
import { element, link, renewRows } from './elements.ts';
import { HistoryStrip } from './history-strip.ts';
import type { ProfileBook } from './profile-book.ts';
import { clockTime } from './time-element.ts';
import { uiConstants } from './ui-constants.ts';
import { swatchOf, validatorLink } from './validator-name.ts';

/** Lists the last winners, and keeps earlier draws for the finder and the strip of the last rounds. */
export class WinnerList {
  readonly root: HTMLElement = element('ol', { class: 'winners' });
  readonly history: HistoryStrip;
  readonly #profiles: ProfileBook;
  #blocks: readonly DrawnBlock[] = [];

  constructor(profiles: ProfileBook) {
    this.#profiles = profiles;
    this.history = new HistoryStrip(profiles, () => void this.#fetchOlder().catch(() => undefined));
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

  /** Puts older draws behind those that are known. Rejects when they cannot be had. */
  async #fetchOlder(): Promise<void> {
    const before = this.#blocks.at(-1)?.Index ?? 1;
    const from = Math.max(1, before - uiConstants.historyStep);
    const fetched = await fetchBlocks(from, before - from);
    const older = fetched.flatMap((json, place) => drawnBlockOf(json, from + place)).reverse();
    await this.#profiles.ask(older.map(({ Validator }) => Validator));
    // Meanwhile others may have come, in front or in the place of all.
    if (older.length === before - from && this.#blocks.at(-1)?.Index === before)
      this.#show([...this.#blocks, ...older]);
  }

  #show(blocks: readonly DrawnBlock[]): void {
    this.#blocks = blocks.slice(0, uiConstants.drawsKeptMax);
    this.history.show(this.#blocks);
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
      element(
        'span',
        { class: 'number' },
        element('span', { class: 'spare' }, 'staked '),
        `${amountText(Draw.Stake)} of ${amountText(Draw.TotalStake)}`,
      ),
      element('time', { datetime: Timestamp, title: new Date(Timestamp).toLocaleString() }, clockTime(Timestamp)),
    );
  }
}

function drawnBlockOf(json: unknown, index: number): readonly DrawnBlock[] {
  const parsed = parseBlock(json, index);
  return 'value' in parsed && isDrawn(parsed.value) ? [parsed.value] : [];
}
