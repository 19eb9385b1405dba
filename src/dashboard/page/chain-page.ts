import { isDrawn } from '../../core/block.ts';
import { readBlock } from '../../core/form.ts';
import { limits } from '../../core/limits.ts';
import { fetchBlocks, fetchStatus } from './answers.ts';
import { checkChain } from './chain-check.ts';
import { element, link, setText, table } from './elements.ts';
import { look } from './look.ts';
import { validatorLink } from './validator-name.ts';
import { counted, grouped } from './words.ts';

/** The chain: its newest blocks, and a check of all of it in this browser. */
export class ChainPage {
  readonly root: HTMLElement;
  readonly #height: number;
  readonly #verdict: HTMLElement = element('p', { class: 'verdict', role: 'status' });
  readonly #progress: HTMLProgressElement = element('progress', { value: '0', 'aria-label': 'Blocks checked' });

  /** Beside the verdict, which is spoken: nobody wants to hear every step. */
  readonly #count: HTMLElement = element('span', { class: 'quiet' });

  private constructor(height: number, from: number, blocks: readonly unknown[]) {
    this.#height = height;
    this.#progress.hidden = true;
    const button = element('button', { type: 'button' }, 'Check the whole chain');
    button.addEventListener('click', async () => {
      // Not `disabled`, which takes the focus away from whoever has just pressed it.
      if (button.ariaDisabled === 'true') return;
      button.ariaDisabled = 'true';
      await this.#check();
      button.ariaDisabled = 'false';
    });
    this.root = element(
      'div',
      { class: 'sheet' },
      element('h1', {}, `A chain of ${counted(height + 1, 'block')}`),
      element(
        'p',
        {},
        'Your browser fetches every block and applies every rule to it, with the same code that the server runs. Save the chain from ',
        link('/api/chain', '/api/chain'),
        ' to check it with a program of your own.',
      ),
      element('div', { class: 'check' }, button, this.#progress, this.#count, this.#verdict),
      blockTable(from, blocks),
      pageLinks(from, height),
    );
  }

  /** Fetches a page of blocks, up to block `last`, or the newest ones. */
  static async load(last: number | undefined): Promise<ChainPage> {
    const { height } = await fetchStatus();
    const end = Math.min(last ?? height, height);
    const from = Math.max(0, end - look.blocksPerPage + 1);
    return new ChainPage(height, from, await fetchBlocks(from, end - from + 1));
  }

  async #check(): Promise<void> {
    const startMs = performance.now();
    this.#progress.hidden = false;
    this.#progress.max = this.#height + 1;
    this.#verdict.textContent = '';
    try {
      const { blocks, fault } = await checkChain({
        fetchBlocks,
        blocksPerFetch: limits.blocksPerAnswerMax,
        progress: (done) => {
          this.#progress.value = done;
          this.#count.textContent = `${grouped(done)} of ${counted(this.#height + 1, 'block')} …`;
        },
      });
      const took = `${((performance.now() - startMs) / 1000).toPrecision(2)} s`;
      this.#verdict.dataset['state'] = fault === undefined ? 'holds' : 'broken';
      setText(
        this.#verdict,
        fault === undefined
          ? `✓ All ${counted(blocks, 'block')} hold. Checked in your browser, in ${took}.`
          : `✗ Block ${fault.index} breaks the rule “${fault.rule}”: ${fault.why}. The ${counted(blocks, 'block')} before it hold.`,
      );
    } catch (error) {
      this.#verdict.dataset['state'] = 'broken';
      setText(
        this.#verdict,
        `The chain could not be fetched: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    this.#progress.hidden = true;
    this.#count.textContent = '';
  }
}

function blockTable(from: number, blocks: readonly unknown[]): HTMLElement {
  const rows = blocks.map((json, place) => blockRow(from + place, json)).reverse();
  const titles = ['Block', 'Time', 'Winner', 'Ticket', 'Tokens', 'Candidates'];
  return table(titles, titles.slice(3), element('tbody', {}, ...rows));
}

function blockRow(index: number, json: unknown): HTMLTableRowElement {
  const form = readBlock(json, index);
  const own = element('td', {}, link(`/blocks/${index}`, grouped(index)));
  if ('why' in form) return element('tr', {}, own, element('td', { colspan: '5' }, form.why));
  const block = form.value;
  const time = element(
    'td',
    {},
    element('time', { datetime: block.Timestamp }, new Date(block.Timestamp).toLocaleString()),
  );
  if (!isDrawn(block)) return element('tr', {}, own, time, element('td', { colspan: '4' }, 'the genesis'));
  const { Ticket, TotalStake, PoolSize } = block.Draw;
  const numbers = [Ticket, TotalStake, PoolSize].map((value) => element('td', { class: 'number' }, grouped(value)));
  return element('tr', {}, own, time, element('td', {}, validatorLink(block.Validator)), ...numbers);
}

function pageLinks(from: number, height: number): HTMLElement {
  const row = element('nav', { class: 'neighbours', 'aria-label': 'Older and newer blocks' });
  if (from > 0) row.append(link(`/chain?last=${from - 1}`, '← older blocks'));
  const newer = from + 2 * look.blocksPerPage - 1;
  if (from + look.blocksPerPage - 1 < height)
    row.append(link(newer >= height ? '/chain' : `/chain?last=${newer}`, 'newer blocks →'));
  return row;
}
