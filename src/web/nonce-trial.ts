import { messageOf } from '../base/error-message.ts';
import { isGenesis, isMined, type WorkBlock } from '../core/block.ts';
import { contentHash, workHash } from '../core/block-hash.ts';
import { parseBlock } from '../core/parse-block.ts';
import { limits as apiLimits } from '../http/api/limits.ts';
import { amountText } from './amount-text.ts';
import { fetchBlocks } from './api-client.ts';
import type { ChangedBlock } from './block-view.ts';
import { element, setText } from './elements.ts';
import { type NonceResult, tryNonces } from './nonce-search.ts';
import { uiConstants } from './ui-constants.ts';
import { bitsText, durationText, rateText } from './work-text.ts';

/** Lets a visitor search for a nonce of a changed block, and says what it takes, for this block and for all that stand on it. */
export class NonceTrial {
  readonly root: HTMLElement;
  readonly #changed: ChangedBlock;
  readonly #words: HTMLElement = element('p', { class: 'trial', role: 'status' });
  readonly #button: HTMLElement = element(
    'button',
    { type: 'button' },
    `Try ${amountText(uiConstants.noncesPerTrial)} nonces`,
  );
  /** The hash of the content that was searched for last, and the nonce to go on with. */
  #searched = { content: '', next: 0 };

  constructor(changed: ChangedBlock) {
    this.#changed = changed;
    this.#button.addEventListener('click', async () => {
      // Not `disabled`, which would take the focus away from the button.
      if (this.#button.ariaDisabled === 'true') return;
      this.#button.ariaDisabled = 'true';
      await this.#try();
      this.#button.ariaDisabled = 'false';
    });
    this.root = element('div', { class: 'check' }, this.#button, this.#words);
  }

  async #try(): Promise<void> {
    const { index } = this.#changed.evidence;
    const parsed = parseBlock(this.#changed.read(), index);
    if ('why' in parsed || isGenesis(parsed.value) || !isMined(parsed.value)) {
      setText(this.#words, 'There is no nonce for what has not the form of a block.');
      return;
    }
    const block = parsed.value;
    const content = contentHash(block);
    const first = content === this.#searched.content ? this.#searched.next : 0;
    const startMs = performance.now();
    const result = await this.#search(block, first);
    const perSecond = (result.tried / Math.max(1, performance.now() - startMs)) * 1000;
    this.#searched = { content, next: first + result.tried };
    if (result.nonce !== undefined) {
      const Work = { ...block.Work, Nonce: result.nonce };
      this.#changed.replace({ ...block, Hash: workHash(content, result.nonce), Work });
    }
    setText(this.#words, [resultWords(block, result, perSecond, first), await this.#historyWords(perSecond)].join(' '));
  }

  async #search(block: WorkBlock, first: number): Promise<NonceResult> {
    const { noncesPerTrial, noncesPerTurn } = uiConstants;
    const steps = tryNonces(block, { first, count: noncesPerTrial, perStep: noncesPerTurn });
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  /** What it would take to write anew what stands on the block. */
  async #historyWords(perSecond: number): Promise<string> {
    const { evidence, height } = this.#changed;
    const behind = height - evidence.index;
    if (behind === 0) return 'No block stands on it yet. With each one that does, there is more to be done again.';
    try {
      const sum = sumOf(await fetchBlocks(evidence.index + 1, Math.min(behind, apiLimits.blocksPerAnswerMax)));
      const counted =
        behind > apiLimits.blocksPerAnswerMax ? `the first ${apiLimits.blocksPerAnswerMax} alone` : 'it all';
      const duration = durationText((Number(sum) / perSecond) * 1000);
      return `Block ${amountText(evidence.index + 1)} names the hash that this block had, so its work has to be done again, too, and that of every block behind it, ${amountText(behind)} in all. Their difficulties add up to ${amountText(String(sum))} (${bitsText(sum)}): ${counted} would take this browser ${duration}, and meanwhile the others go on.`;
    } catch (error) {
      return `What stands on it could not be fetched: ${messageOf(error)}`;
    }
  }
}

function resultWords(
  { Work }: WorkBlock,
  { tried, nonce, bestBits }: NonceResult,
  perSecond: number,
  first: number,
): string {
  const rate = `at ${rateText(perSecond)} in your browser`;
  if (nonce !== undefined) {
    return `Found: after ${amountText(first + tried)} nonces, ${rate}, the nonce ${amountText(nonce)} makes a hash that is small enough. This block has its work again.`;
  }
  const difficulty = BigInt(Work.Difficulty);
  return `${amountText(first + tried)} nonces tried, ${rate}; the smallest hash of the last ones began with ${bestBits} zero bits, and about ${bitsText(difficulty)} are needed. It takes ${amountText(Work.Difficulty)} tries on average, ${durationText((Number(difficulty) / perSecond) * 1000)} here, however many were tried before.`;
}

function sumOf(blocks: readonly unknown[]): bigint {
  return blocks.reduce<bigint>((sum, json) => {
    const index = typeof json === 'object' && json !== null && 'Index' in json ? json.Index : undefined;
    const parsed = typeof index === 'number' ? parseBlock(json, index) : undefined;
    return parsed !== undefined && 'value' in parsed && isMined(parsed.value)
      ? sum + BigInt(parsed.value.Work.Difficulty)
      : sum;
  }, 0n);
}
