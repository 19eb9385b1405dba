import type { Fault } from '../consensus/verifier.ts';
import { type DrawnBlock, isDrawn, isGenesis, isMined, type SealedBlock } from '../core/block.ts';
import { parseBlock } from '../core/parse-block.ts';
import { parsePool } from '../core/parse-pool.ts';
import { drawnSegments } from '../http/api/ticket-bar.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { fetchBlock, fetchPool, fetchStatus } from './api-client.ts';
import { type DrawEvidence, findDrawFault, withRecomputedHash } from './draw-check.ts';
import { element, link, setText } from './elements.ts';
import { StepList } from './step-list.ts';
import { TamperFields } from './tamper-fields.ts';
import { replaceField } from './tampering.ts';
import { TicketStrip } from './ticket-strip.ts';
import { validatorLink } from './validator-name.ts';

/** The context of a block: the last index of the chain, and the reason when the server does not have its pool. */
interface BlockContext {
  readonly height: number;
  readonly whyNoPool: string | undefined;
}

/** One block: who won, every step of its draw with its numbers, and a check of them in this browser. */
export class BlockPage {
  readonly root: HTMLElement = element('div', { class: 'sheet' });
  readonly #evidence: DrawEvidence;
  readonly #height: number;
  readonly #whyNoPool: string | undefined;
  /** The verdict is shown next to the control that asked for it: the button above the steps, or the fields below them. */
  readonly #verdict: HTMLElement = element('p', { class: 'verdict', role: 'status' });
  readonly #tamperVerdict: HTMLElement = element('p', { class: 'verdict', role: 'status' });
  readonly #steps = new StepList();
  readonly #fields = new TamperFields((path, value) => {
    this.#block = replaceField(this.#block, path, value);
    this.#check(this.#tamperVerdict);
  });
  /** The block as the visitor has changed it. */
  #block: unknown;

  private constructor(evidence: DrawEvidence, { height, whyNoPool }: BlockContext) {
    this.#evidence = evidence;
    this.#height = height;
    this.#whyNoPool = whyNoPool;
    this.#block = evidence.block;
    this.#render();
  }

  /** Fetches everything that is needed to check the draw of a block. */
  static async load(index: number): Promise<BlockPage> {
    const { height } = await fetchStatus();
    const [block, genesis, previous, pool] = await Promise.all([
      fetchBlock(index),
      fetchBlock(0),
      index > 0 ? fetchBlock(index - 1) : undefined,
      index > 0 ? fetchPool(index) : { pool: undefined },
    ]);
    const [found, why] = 'pool' in pool ? [pool.pool, undefined] : [undefined, pool.why];
    return new BlockPage({ genesis, previous, block, index, pool: found }, { height, whyNoPool: why });
  }

  #render(): void {
    const { index, block } = this.#evidence;
    const parsed = parseBlock(block, index);
    const sealed = 'value' in parsed && !isGenesis(parsed.value) ? parsed.value : undefined;
    this.root.append(
      this.#neighbours(),
      element('h1', {}, index === 0 ? 'Block 0, the genesis' : `Block ${amountText(index)}`),
      ...(sealed === undefined ? [this.#genesisWords()] : this.#sealWords(sealed)),
      this.#checkRow(),
      this.#steps.root,
      this.#tamperView(),
    );
    this.#steps.show(this.#evidence, 'unknown');
  }

  #neighbours(): HTMLElement {
    const { index } = this.#evidence;
    const row = element('nav', { class: 'neighbours', 'aria-label': 'Blocks' });
    if (index > 0) row.append(link(`/blocks/${index - 1}`, `← block ${amountText(index - 1)}`));
    if (index < this.#height) row.append(link(`/blocks/${index + 1}`, `block ${amountText(index + 1)} →`));
    return row;
  }

  #genesisWords(): HTMLElement {
    return element(
      'p',
      {},
      'Before anybody could know who would ever play, this block published the seal of an envelope that holds all the others. Every draw opens one more. All that is checked here rests on the hash of this block: compare it with the one that you were sent over nc, or that somebody wrote down when the lottery began.',
    );
  }

  #sealWords(block: SealedBlock): readonly HTMLElement[] {
    if (isDrawn(block)) return this.#drawWords(block);
    const how = isMined(block)
      ? `, with BPM ${block.BPM}, found with the nonce ${block.Work.Nonce} at difficulty ${amountText(block.Work.Difficulty)}, on `
      : `, with BPM ${block.BPM}, taken at once, on `;
    return [element('p', {}, validatorLink(block.Validator), how, this.#timeOf(block), '.')];
  }

  #timeOf({ Timestamp }: SealedBlock): HTMLElement {
    return element('time', { datetime: Timestamp }, new Date(Timestamp).toLocaleString());
  }

  #drawWords(block: DrawnBlock): readonly HTMLElement[] {
    const { Ticket, TotalStake, PoolSize, Stake } = block.Draw;
    const strip = new TicketStrip();
    const candidates = parsePool(this.#evidence.pool);
    if (candidates !== undefined) strip.showDraw(drawnSegments(candidates, block.Validator), Ticket);
    const words = `, with BPM ${block.BPM} and ${pluralizeAmount(Stake, 'token')}, won by ticket ${amountText(Ticket)} of ${amountText(TotalStake)}, among ${pluralizeAmount(PoolSize, 'candidate')}, on `;
    const pool =
      candidates === undefined
        ? element('p', {}, this.#whyNoPool ?? 'What the server has as the pool of this draw is none.')
        : strip.root;
    return [element('p', {}, validatorLink(block.Validator), words, this.#timeOf(block), '.'), pool];
  }

  #checkRow(): HTMLElement {
    const button = element(
      'button',
      { type: 'button' },
      this.#evidence.index === 0 ? 'Check this block' : 'Check this draw',
    );
    button.addEventListener('click', () => this.#check(this.#verdict));
    return element('div', { class: 'check' }, button, this.#verdict);
  }

  #check(verdict: HTMLElement): void {
    const startMs = performance.now();
    const evidence = { ...this.#evidence, block: this.#block };
    const fault = findDrawFault(evidence);
    const took = `${Math.max(1, Math.round(performance.now() - startMs))} ms, in your browser`;
    this.#steps.show(evidence, fault ?? 'holds');
    const words = fault === undefined ? `✓ Every rule holds. Checked in ${took}.` : faultWords(fault);
    for (const place of [this.#verdict, this.#tamperVerdict]) setText(place, place === verdict ? words : '');
    verdict.dataset['state'] = fault === undefined ? 'holds' : 'broken';
  }

  #tamperView(): HTMLElement {
    const seal = element('button', { type: 'button' }, 'Seal it again');
    seal.addEventListener('click', () => {
      const sealed = withRecomputedHash(this.#block, this.#evidence.index);
      this.#block = sealed ?? this.#block;
      this.#fields.show(this.#block);
      this.#check(this.#tamperVerdict);
      if (sealed === undefined)
        this.#tamperVerdict.prepend('✗ There is no block to seal before it has the form of one. ');
    });
    const restore = element('button', { type: 'button' }, 'As it was');
    restore.addEventListener('click', () => {
      this.#block = this.#evidence.block;
      this.#fields.show(this.#block);
      this.#check(this.#tamperVerdict);
    });
    const buttons = element('div', { class: 'check' }, ...(this.#evidence.index === 0 ? [] : [seal]), restore);
    this.#fields.show(this.#block);
    return element(
      'details',
      { class: 'tamper' },
      element('summary', {}, 'Try to cheat'),
      element(
        'p',
        {},
        'Change what you like; the change stays in this page. See which rule it breaks, then recompute the hash over your lie, and see what gives it away: the signature is made with a key that only the server has, and nothing here can make another one.',
      ),
      this.#tamperVerdict,
      this.#fields.root,
      buttons,
    );
  }
}

function faultWords({ index, rule, why }: Fault): string {
  return `✗ Block ${index} breaks the rule “${rule}”: ${why}.`;
}
