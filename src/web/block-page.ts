import { isLoopback } from '../base/host.ts';
import { inTurns } from '../base/run-to-end.ts';
import type { ChainKind } from '../consensus/engine.ts';
import type { Fault } from '../consensus/verifier.ts';
import { isGenesis } from '../core/block.ts';
import { parseBlock } from '../core/parse-block.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import { parsePool } from '../core/parse-pool.ts';
import { type BlockEvidence, beaconVerifierOf, findBlockFault, withRecomputedHash } from '../library/block-check.ts';
import { PageTurns } from '../library/page-turns.ts';
import { amountText } from './amount-text.ts';
import { fetchBlock, fetchStatus } from './api-client.ts';
import { fetchBeside } from './block-beside.ts';
import { explainBlock } from './block-steps.ts';
import { type BlockContext, type BlockView, loadBlockView } from './block-view.ts';
import { element, link, setText } from './elements.ts';
import { showNavigation } from './navigation.ts';
import { ProfileBook } from './profile-book.ts';
import { shareButton } from './share-button.ts';
import { type CheckResult, StepList } from './step-list.ts';
import { TamperFields } from './tamper-fields.ts';
import { replaceField } from './tampering.ts';

/** One block: how it was made, every rule with its numbers, and a check of them in this browser. */
export class BlockPage {
  readonly root: HTMLElement = element('div', { class: 'sheet' });
  readonly #context: BlockContext;
  readonly #view: BlockView;
  /** The verdict is shown next to the control that asked for it: the button above the steps, or the fields below them. */
  readonly #verdict: HTMLElement = element('p', { class: 'verdict', role: 'status' });
  readonly #tamperVerdict: HTMLElement = element('p', { class: 'verdict', role: 'status' });
  readonly #steps = new StepList();
  readonly #fields = new TamperFields((path, value) => {
    this.#block = replaceField(this.#block, path, value);
    return this.#check(this.#tamperVerdict);
  });
  /** The block as the visitor has changed it. */
  #block: unknown;
  #checks = 0;

  private constructor(context: BlockContext, view: BlockView) {
    this.#context = context;
    this.#view = view;
    this.#block = context.evidence.block;
    this.#render();
  }

  /** Fetches everything that is needed to check a block, and begins to check it where `isChecked` says so. */
  static async load(index: number, isChecked: boolean): Promise<BlockPage> {
    const [status, genesis] = await Promise.all([fetchStatus(), fetchBlock(0)]);
    const { height, consensus } = status;
    showNavigation(status);
    const kind = kindOf(genesis) ?? consensus;
    const [view, verifyBeacon, block, beside] = await Promise.all([
      loadBlockView(kind),
      beaconVerifierOf(genesis),
      fetchBlock(index),
      fetchBeside(kind, index),
    ]);
    const { whyNoPool, ...evidence } = beside;
    const profiles = new ProfileBook();
    await profiles.ask(validatorsOf(block, index, evidence.pool));
    const page = new BlockPage(
      {
        evidence: { genesis, block, index, ...evidence },
        height,
        whyNoPool,
        profiles,
        verifyBeacon,
        site: status.pages[0],
      },
      view,
    );
    if (status.ledger !== undefined) await page.#addTransactions();
    if (isChecked) void page.#check(page.#verdict);
    return page;
  }

  async #addTransactions(): Promise<void> {
    const { loadTransactions } = await import('./transactions-section.ts');
    const section = await loadTransactions(this.#evidence.index, this.#evidence);
    if (section !== undefined) this.root.append(section);
  }

  get #evidence(): BlockEvidence {
    return this.#context.evidence;
  }

  #render(): void {
    const { index, block } = this.#evidence;
    const parsed = parseBlock(block, index);
    const sealed = 'value' in parsed && !isGenesis(parsed.value) ? parsed.value : undefined;
    const words =
      sealed === undefined ? [element('p', {}, this.#view.genesisWords)] : this.#view.describe(sealed, this.#context);
    this.root.append(
      this.#neighbours(),
      element('h1', {}, index === 0 ? 'Block 0, the genesis' : `Block ${amountText(index)}`),
      ...words,
      this.#checkRow(),
      this.#steps.root,
      this.#tamperView(),
    );
    this.#showSteps(this.#evidence, 'unknown');
  }

  #showSteps(evidence: BlockEvidence, result: CheckResult): void {
    this.#steps.show(explainBlock(evidence, this.#view.explain), result);
  }

  #neighbours(): HTMLElement {
    const { index } = this.#evidence;
    const row = element('nav', { class: 'neighbours', 'aria-label': 'Blocks' });
    if (index > 0) row.append(link(`/blocks/${index - 1}`, `← block ${amountText(index - 1)}`));
    if (index < this.#context.height) row.append(link(`/blocks/${index + 1}`, `block ${amountText(index + 1)} →`));
    return row;
  }

  #checkRow(): HTMLElement {
    const button = element(
      'button',
      { type: 'button' },
      `Check this ${this.#evidence.index === 0 ? 'block' : this.#view.noun}`,
    );
    button.addEventListener('click', () => void this.#check(this.#verdict));
    // Where this machine looks at itself, its address leads others nowhere.
    const { index } = this.#evidence;
    const site = isLoopback(location.hostname) ? (this.#context.site ?? location.origin) : location.origin;
    const share = shareButton('Share', new URL(`/blocks/${index}?check`, site).href);
    return element('div', { class: 'check' }, button, share, this.#verdict);
  }

  /** Checks in turns. The last check that was asked for is the one that is shown; false for any other. */
  async #check(verdict: HTMLElement): Promise<boolean> {
    this.#checks += 1;
    const own = this.#checks;
    const startMs = performance.now();
    const evidence = { ...this.#evidence, block: this.#block };
    const fault = await inTurns(new PageTurns(), findBlockFault(evidence, this.#context.verifyBeacon));
    if (own !== this.#checks) return false;
    const took = `${Math.max(1, Math.round(performance.now() - startMs))} ms, in your browser`;
    this.#showSteps(evidence, fault ?? 'holds');
    const words = fault === undefined ? `✓ Every rule holds. Checked in ${took}.` : faultWords(fault);
    for (const place of [this.#verdict, this.#tamperVerdict]) setText(place, place === verdict ? words : '');
    verdict.dataset['state'] = fault === undefined ? 'holds' : 'broken';
    return true;
  }

  #tamperView(): HTMLElement {
    const seal = element('button', { type: 'button' }, 'Seal it again');
    const replace = (block: unknown): Promise<boolean> => {
      this.#block = block;
      this.#fields.show(block);
      return this.#check(this.#tamperVerdict);
    };
    seal.addEventListener('click', async () => {
      const sealed = withRecomputedHash(this.#block, this.#evidence.index);
      const isShown = await replace(sealed ?? this.#block);
      if (sealed === undefined && isShown)
        this.#tamperVerdict.prepend('✗ There is no block to seal before it has the form of one. ');
    });
    const restore = element('button', { type: 'button' }, 'As it was');
    restore.addEventListener('click', () => replace(this.#evidence.block));
    const isSealed = this.#evidence.index > 0;
    const buttons = element('div', { class: 'check' }, ...(isSealed ? [seal] : []), restore);
    const tools = isSealed ? this.#view.tools({ ...this.#context, read: () => this.#block, replace }) : [];
    this.#fields.show(this.#block);
    return element(
      'details',
      { class: 'tamper' },
      element('summary', {}, 'Try to cheat'),
      element('p', {}, this.#view.cheatWords),
      this.#tamperVerdict,
      this.#fields.root,
      buttons,
      ...tools,
    );
  }
}

function faultWords({ index, rule, why }: Fault): string {
  return `✗ Block ${index} breaks the rule “${rule}”: ${why}.`;
}

/** The kind of a chain as its genesis says; undefined where that is none. */
function kindOf(genesis: unknown): ChainKind | undefined {
  const parsed = parseGenesisBlock(genesis);
  return 'why' in parsed ? undefined : parsed.value.Genesis.Consensus.Kind;
}

/** The validators that the page of a block may show, the winner first. */
function validatorsOf(block: unknown, index: number, pool: unknown): readonly string[] {
  const parsed = parseBlock(block, index);
  const winner = 'value' in parsed && !isGenesis(parsed.value) ? [parsed.value.Validator] : [];
  return [...winner, ...(parsePool(pool) ?? []).map(({ validator }) => validator)];
}
