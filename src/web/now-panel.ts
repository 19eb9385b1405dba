import { shortHash } from '../base/formatting.ts';
import type { DrawnBlock } from '../core/block.ts';
import type { Profile } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { element, setText } from './elements.ts';
import { calledName, paint } from './validator-name.ts';

/** The largest words of the live page: the countdown while a round is open, the ticket and then the winner while a draw is shown. */
export class NowPanel {
  readonly root: HTMLElement;
  readonly #seconds: HTMLElement = element('span', { class: 'seconds' }, '–');
  readonly #until: HTMLElement = element('p', { class: 'until' });
  readonly #headline: HTMLElement = element('p', { class: 'headline' }, 'Connecting …');
  readonly #facts: HTMLElement = element('p', { class: 'facts' });

  /** @param seal is placed below the words */
  constructor(seal: HTMLElement) {
    const label = { class: 'timer', role: 'timer', 'aria-label': 'Seconds until the draw' };
    this.root = element(
      'section',
      { class: 'now', 'aria-label': 'The open round' },
      element('div', label, this.#seconds),
      element('div', { class: 'words' }, this.#until, this.#headline, this.#facts, seal),
    );
  }

  /** Shows the countdown, and what it counts down to. */
  count(seconds: string, until: string): void {
    setText(this.#seconds, seconds);
    setText(this.#until, until);
  }

  /** Shows how things stand, beside a large countdown. */
  say(headline: string, facts: string): void {
    this.#begin('open');
    setText(this.#headline, headline);
    setText(this.#facts, facts);
  }

  /** A draw has begun: the ticket is on its way, and is not told yet. */
  showFall({ Draw }: DrawnBlock): void {
    const words = 'The ticket falls …';
    this.#begin('falling');
    this.#headline.replaceChildren(largeWord(words));
    setText(this.#facts, `one of ${pluralizeAmount(Draw.TotalStake, 'ticket')}, ${candidatesOf(Draw)}`);
  }

  /** The ticket has landed: shows the winner as large as the countdown, in its colour. */
  showWinner({ Index, Validator, Draw }: DrawnBlock, profile: Profile): void {
    const winner = largeWord(calledName(Validator, profile), 'winner', ...(profile.name === undefined ? ['hash'] : []));
    const address = profile.name === undefined ? [] : [' ', element('span', { class: 'hash' }, shortHash(Validator))];
    paint(winner, Validator, profile);
    this.#begin('result');
    this.#headline.replaceChildren(winner, ...address, ` wins block ${amountText(Index)}`);
    setText(this.#facts, `Ticket ${amountText(Draw.Ticket)} of ${amountText(Draw.TotalStake)}, ${candidatesOf(Draw)}`);
  }

  /** Nothing goes on: says so in the largest words. */
  showHalt(headline: string, facts: string): void {
    this.#begin('halted');
    this.#headline.replaceChildren(largeWord(headline));
    setText(this.#facts, facts);
  }

  #begin(moment: 'open' | 'falling' | 'result' | 'halted'): void {
    this.root.dataset['moment'] = moment;
    this.root.toggleAttribute('data-large', moment !== 'open');
  }
}

function candidatesOf({ PoolSize }: DrawnBlock['Draw']): string {
  return pluralizeAmount(PoolSize, 'candidate');
}

/** A word that is as large as the countdown, or as large as fits into one line. */
function largeWord(text: string, ...classes: readonly string[]): HTMLElement {
  const word = element('span', { class: ['large', ...classes].join(' ') }, text);
  word.style.setProperty('--letters', String([...text].length));
  return word;
}
