import type { Profile } from '../http/api/types.ts';
import { amountText } from './amount-text.ts';
import type { CheckedBlock } from './block-checker.ts';
import { element, link, setText } from './elements.ts';
import { resultWords, verdictWords } from './play-words.ts';
import { uiConstants } from './ui-constants.ts';
import { fullName } from './validator-name.ts';

/** What the blocks since this tab took its seat were to the person: the last one large, those before as a list. Each is checked. */
export class PlayDraws {
  readonly root: HTMLElement;
  readonly #headline: HTMLElement = element('p', { class: 'ask' });
  readonly #facts: HTMLElement = element('p', { class: 'aside' });
  readonly #verdict: HTMLElement = element('p', { class: 'verdict' });
  readonly #list: HTMLElement = element('ol', { class: 'winners' });
  /** The row of the last block, once another one takes its place. */
  #before: HTMLElement | undefined;

  constructor() {
    const last = element('div', { role: 'status' }, this.#headline, this.#facts, this.#verdict);
    this.root = element('section', { class: 'result', 'aria-label': 'Results' }, last, this.#list);
    this.root.hidden = true;
  }

  /** Shows a block. `own` is the person's validator; `saidWon` that the server told them that they have won it, `profile` that of its winner. */
  add(checked: CheckedBlock, own: string | undefined, saidWon: boolean, profile: Profile): void {
    const { headline, facts } = resultWords(checked, own, fullName(checked.block?.Validator ?? '', profile));
    const verdict = verdictWords(checked, own, saidWon);
    const holds = verdict.startsWith('✓');
    this.root.hidden = false;
    this.root.dataset['result'] = checked.block?.Validator === own ? 'won' : 'told';
    setText(this.#headline, headline);
    setText(this.#facts, facts);
    this.#verdict.dataset['state'] = holds ? 'holds' : 'broken';
    this.#verdict.replaceChildren(verdict, ' ', link(`/blocks/${checked.index}`, 'See it step by step'));
    if (this.#before !== undefined) this.#list.prepend(this.#before);
    if (this.#list.childElementCount > uiConstants.resultsMax) this.#list.lastElementChild?.remove();
    this.#before = element(
      'li',
      {},
      link(`/blocks/${checked.index}`, `block ${amountText(checked.index)}`),
      element('span', {}, headline),
      element('span', { class: 'number' }, holds ? '✓' : '✗'),
    );
  }
}
