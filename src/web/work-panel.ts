import { shortHash } from '../base/formatting.ts';
import { expectedMs, hashRate, shareEnded } from '../consensus/work/search-progress.ts';
import { isMined, type SealedBlock, type WorkBlock } from '../core/block.ts';
import { parseBlock } from '../core/parse-block.ts';
import type { Search, Status } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { fetchBlocks } from './api-client.ts';
import { type LivePanel, type LiveWords, peopleWords } from './block-live-page.ts';
import { DifficultyChart } from './difficulty-chart.ts';
import { Refresher } from './refresher.ts';
import { haltWords } from './status-words.ts';
import { uiConstants } from './ui-constants.ts';
import { bitsText, durationText, rateText } from './work-text.ts';

/** The search as it goes, and the difficulty of the last blocks as a chart. */
export class WorkPanel implements LivePanel {
  readonly title = 'The search, live';
  readonly footnote =
    'Each block behind another one confirms it: to replace it, all their work has to be done again. Nothing is called final.';
  readonly #chart = new DifficultyChart();
  /** Consecutive blocks, oldest first. */
  #blocks: readonly WorkBlock[] = [];
  #height = 0;
  readonly #refresher = new Refresher(() => this.#fetch());

  get parts(): readonly HTMLElement[] {
    return [this.#chart.root];
  }

  words(status: Status): LiveWords {
    const { search, candidates } = status;
    const waiting = candidates > 1 ? `, ${amountText(candidates - 1)} more wait` : '';
    if (search !== undefined) return searchWords(search, `${peopleWords(status)}${waiting}`);
    const last = this.#blocks.at(-1);
    const difficulty = last === undefined ? '' : `The last difficulty was ${bitsText(BigInt(last.Work.Difficulty))}. `;
    return {
      figure: '–',
      label: '',
      headline: haltWords(status) ?? 'No block is searched for',
      facts: `${difficulty}${candidates === 0 ? 'The search begins with the next BPM' : `${pluralizeAmount(candidates, 'candidate')} wait${candidates === 1 ? 's' : ''}`}; ${peopleWords(status)}.`,
      share: 0,
    };
  }

  add(newest: readonly SealedBlock[], height: number): void {
    this.#height = height;
    for (const block of [...newest].reverse()) this.#append(block);
    // The first blocks of a page, and those that came while it was hidden, are not among the events.
    if ((this.#blocks.at(-1)?.Index ?? 0) < height || this.#isShort()) {
      void this.#refresher.refresh().catch(() => undefined);
    } else if (newest.length > 0) {
      this.#chart.show(this.#blocks);
    }
  }

  goBack(fork: number): void {
    this.#blocks = this.#blocks.filter(({ Index }) => Index <= fork);
  }

  note(block: SealedBlock, height: number): string {
    const behind = height - block.Index;
    return behind === 0 ? ', unconfirmed' : `, ${amountText(behind)} confirm${behind === 1 ? 's' : ''} it`;
  }

  #append(block: SealedBlock): void {
    if (!isMined(block) || block.Index !== (this.#blocks.at(-1)?.Index ?? block.Index - 1) + 1) return;
    this.#blocks = [...this.#blocks, block].slice(-uiConstants.difficultiesMax);
  }

  /** There are older blocks that the chart has room for. */
  #isShort(): boolean {
    const first = this.#blocks[0]?.Index ?? 1;
    return first > 1 && this.#blocks.length < uiConstants.difficultiesMax;
  }

  async #fetch(): Promise<void> {
    const from = Math.max(1, this.#height - uiConstants.difficultiesMax + 1);
    if (this.#height < from) return;
    const fetched = await fetchBlocks(from, this.#height - from + 1);
    this.#blocks = fetched.flatMap((json, place) => {
      const parsed = parseBlock(json, from + place);
      return 'value' in parsed && isMined(parsed.value) ? [parsed.value] : [];
    });
    this.#chart.show(this.#blocks);
  }
}

/** A search in words. They do not say how long it will still take: that is always the average, however long it has lasted. */
function searchWords({ index, difficulty, validator, bpm, tried, elapsedMs }: Search, people: string): LiveWords {
  const progress = { index, difficulty: BigInt(difficulty), tried, elapsedMs };
  const share = shareEnded(progress);
  const averageMs = expectedMs(progress);
  const average = averageMs === undefined ? '' : `, ${durationText(averageMs)} on average`;
  return {
    figure: `${Math.floor(share * 100)} %`,
    label: 'of such searches would have ended by now',
    headline: `Searching for block ${amountText(index)}`,
    facts: `BPM ${bpm} of ${shortHash(validator)}: ${bitsText(progress.difficulty)}, ${rateText(hashRate(progress))}${average}. ${people}.`,
    share,
  };
}
