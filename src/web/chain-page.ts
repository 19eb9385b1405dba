import { messageOf } from '../base/error-message.ts';
import type { ChainKind } from '../consensus/engine.ts';
import { difficultyBits } from '../consensus/work/difficulty.ts';
import { isDrawn, isGenesis, isMined, type SealedBlock } from '../core/block.ts';
import { parseBlock } from '../core/parse-block.ts';
import { limits } from '../http/api/limits.ts';
import { parseWholeNumber } from '../http/api/query.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { fetchBlocks, fetchStatus } from './api-client.ts';
import { type CardBlock, ChainCards } from './chain-cards.ts';
import { checkChain } from './chain-check.ts';
import { type Column, cells, element, link, renewRows, setText, table } from './elements.ts';
import { subscribe } from './event-client.ts';
import { showNavigation } from './navigation.ts';
import { ProfileBook } from './profile-book.ts';
import { Refresher } from './refresher.ts';
import { replaceField } from './tampering.ts';
import { timeElement } from './time-element.ts';
import { uiConstants } from './ui-constants.ts';
import { swatchOf, validatorLink } from './validator-name.ts';

const columnsOf: Readonly<Record<ChainKind, readonly Column[]>> = {
  lottery: [
    { title: 'Block' },
    { title: 'Time' },
    { title: 'Winner' },
    { title: 'Ticket', isNumber: true },
    { title: 'All tokens', isNumber: true, isSpare: true },
    { title: 'Candidates', isNumber: true, isSpare: true },
  ],
  work: [
    { title: 'Block' },
    { title: 'Time' },
    { title: 'Found for' },
    { title: 'BPM', isNumber: true },
    { title: 'Difficulty, bits', isNumber: true },
    { title: 'Nonce', isNumber: true, isSpare: true },
  ],
  instant: [{ title: 'Block' }, { title: 'Time' }, { title: 'Written by' }, { title: 'BPM', isNumber: true }],
};

/** The chain: its newest blocks, or the blocks up to a given one, and a check of the whole chain in this browser. */
export class ChainPage {
  readonly root: HTMLElement;
  /** The last block on the page; undefined for the newest one. */
  readonly #last: number | undefined;
  #height = 0;
  readonly #profiles = new ProfileBook();
  readonly #title: HTMLElement = element('h1');
  readonly #rows: HTMLTableSectionElement = element('tbody');
  readonly #cards = new ChainCards();
  readonly #lie: HTMLInputElement = element('input', {
    id: 'lie',
    inputmode: 'numeric',
    autocomplete: 'off',
    value: '1',
  });
  /** Empty until the kind of the chain is known. */
  readonly #table: HTMLElement = element('div');
  #kind: ChainKind | undefined;
  readonly #older: HTMLAnchorElement = link('', '← older blocks');
  readonly #newer: HTMLAnchorElement = link('', 'newer blocks →');
  readonly #verdict: HTMLElement = element('p', { class: 'verdict', role: 'status' });
  readonly #progress: HTMLProgressElement = element('progress', { value: '0', 'aria-label': 'Blocks checked' });
  /** Kept apart from the verdict, which screen readers speak: they should not speak every step. */
  readonly #count: HTMLElement = element('span', { class: 'quiet' });
  readonly #refresher = new Refresher(() => this.#fetch());

  constructor(last: number | undefined) {
    this.#last = last;
    this.#progress.hidden = true;
    const button = element('button', { type: 'button' }, 'Check the whole chain');
    const cheat = element('button', { type: 'button', class: 'quiet-button' }, 'Change it here, and check');
    const check = async (changed?: number): Promise<void> => {
      // Not `disabled`, which would take the focus away from the button.
      if (button.ariaDisabled === 'true') return;
      for (const one of [button, cheat]) one.ariaDisabled = 'true';
      await this.#check(changed);
      for (const one of [button, cheat]) one.ariaDisabled = 'false';
    };
    button.addEventListener('click', () => check());
    cheat.addEventListener('click', () => check(parseWholeNumber(this.#lie.value)));
    this.root = element(
      'div',
      { class: 'sheet' },
      this.#title,
      element(
        'p',
        {},
        'Your browser fetches every block and applies every rule to it, with the same code that the server runs. Save the chain from ',
        link('/api/chain', '/api/chain'),
        ' to check it with a program of your own.',
      ),
      element('div', { class: 'check' }, button, this.#progress, this.#count, this.#verdict),
      this.#cards.root,
      element(
        'div',
        { class: 'check cheat' },
        element('label', { for: 'lie' }, 'Try to cheat: the BPM of block'),
        this.#lie,
        cheat,
      ),
      this.#table,
      element('nav', { class: 'neighbours', 'aria-label': 'Older and newer blocks' }, this.#older, this.#newer),
    );
  }

  /** Shows the blocks, and refreshes them after every draw. Rejects when the first fetch fails. */
  async start(): Promise<void> {
    await this.#refresher.refresh();
    const refresh = (): void => void this.#refresher.refresh().catch(() => undefined);
    subscribe({ onDraw: refresh, onBlocks: refresh, onSnapshot: refresh, onStatus: refresh });
  }

  async #fetch(): Promise<void> {
    const status = await fetchStatus();
    const { height, consensus } = status;
    const end = Math.min(this.#last ?? height, height);
    const from = Math.max(0, end - uiConstants.blocksPerPage + 1);
    const blocks = await fetchBlocks(from, end - from + 1);
    this.#height = height;
    const columns = columnsOf[consensus];
    if (this.#kind !== consensus) {
      this.#kind = consensus;
      showNavigation(status);
      this.#table.replaceChildren(table(columns, this.#rows));
    }
    setText(this.#title, `A chain of ${pluralizeAmount(height + 1, 'block')}`);
    const parsed = blocks.map((json, place) => parseBlock(json, from + place));
    await this.#profiles.ask(
      parsed.flatMap((one) => ('value' in one && !isGenesis(one.value) ? [one.value.Validator] : [])),
    );
    this.#cards.show(
      parsed.map((one, place) => cardOf(one, from + place)),
      this.#profiles,
    );
    const rows = parsed.map((block, place) => blockRow(columns, from + place, block, this.#profiles));
    renewRows(this.#rows, rows.reverse());
    this.#older.hidden = from === 0;
    this.#older.href = `/chain?last=${from - 1}`;
    this.#newer.hidden = end >= height;
    const newer = end + uiConstants.blocksPerPage;
    this.#newer.href = newer >= height ? '/chain' : `/chain?last=${newer}`;
  }

  /** Checks the chain as the server has it, or with a change in one of its blocks that is made in this page. */
  async #check(changed?: number): Promise<void> {
    const startMs = performance.now();
    const expected = this.#height + 1;
    this.#progress.hidden = false;
    this.#progress.max = expected;
    this.#verdict.textContent = '';
    this.#cards.judge(0);
    try {
      const { blocks, fault } = await checkChain({
        fetchBlocks: async (first, limit) => {
          const fetched = await fetchBlocks(first, limit);
          return fetched.map((json, place) => (first + place === changed ? withOtherBpm(json, changed) : json));
        },
        blocksPerFetch: limits.blocksPerAnswerMax,
        progress: (done) => {
          this.#progress.value = done;
          this.#cards.judge(done);
          this.#count.textContent = `${amountText(done)} of ${pluralizeAmount(Math.max(done, expected), 'block')} …`;
        },
      });
      this.#cards.judge(blocks, fault?.index);
      const took = `${((performance.now() - startMs) / 1000).toPrecision(2)} s`;
      this.#verdict.dataset['state'] = fault === undefined ? 'holds' : 'broken';
      setText(
        this.#verdict,
        fault === undefined
          ? `✓ All ${pluralizeAmount(blocks, 'block')} hold. Checked in your browser, in ${took}.`
          : `✗ Block ${fault.index} breaks the rule “${fault.rule}”: ${fault.why}. The ${pluralizeAmount(blocks, 'block')} before it hold.`,
      );
    } catch (error) {
      this.#verdict.dataset['state'] = 'broken';
      setText(this.#verdict, `The chain could not be fetched: ${messageOf(error)}`);
    }
    this.#progress.hidden = true;
    this.#count.textContent = '';
  }
}

/** The same block with another BPM; unchanged where it is none. */
function withOtherBpm(json: unknown, index: number): unknown {
  const parsed = parseBlock(json, index);
  return 'value' in parsed && typeof parsed.value.BPM === 'number'
    ? replaceField(json, ['BPM'], parsed.value.BPM + 1)
    : json;
}

function cardOf(parsed: ReturnType<typeof parseBlock>, index: number): CardBlock {
  if ('why' in parsed) return { index, hash: undefined, validator: undefined };
  const { Hash, Validator } = parsed.value;
  return { index, hash: Hash, validator: isGenesis(parsed.value) ? undefined : Validator };
}

function blockRow(
  columns: readonly Column[],
  index: number,
  parsed: ReturnType<typeof parseBlock>,
  profiles: ProfileBook,
): HTMLTableRowElement {
  const key = { 'data-key': String(index) };
  const own = link(`/blocks/${index}`, amountText(index));
  if ('why' in parsed)
    return element(
      'tr',
      key,
      element('td', {}, own),
      element('td', { colspan: String(columns.length - 1) }, parsed.why),
    );
  const block = parsed.value;
  const time = timeElement(block.Timestamp);
  if (isGenesis(block)) return element('tr', key, ...cells(columns, own, time, 'the genesis'));
  const { Validator } = block;
  const profile = profiles.of(Validator);
  const name = element('span', {}, swatchOf(Validator, profile), ' ', validatorLink(Validator, profile));
  return element('tr', key, ...cells(columns, own, time, name, ...numbersOf(block)));
}

/** The columns behind the first three. */
function numbersOf(block: SealedBlock): readonly string[] {
  if (isDrawn(block)) {
    const { Ticket, TotalStake, PoolSize } = block.Draw;
    return [Ticket, TotalStake, PoolSize].map(amountText);
  }
  const bpm = String(block.BPM);
  if (!isMined(block)) return [bpm];
  return [bpm, difficultyBits(BigInt(block.Work.Difficulty)).toFixed(1), amountText(block.Work.Nonce)];
}
