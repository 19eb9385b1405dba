import { element, setText } from './elements.ts';
import type { PlayTalk } from './play-talk.ts';
import { numberFault, seatWords } from './play-words.ts';

export interface PlaySeatOptions {
  /** Sends a line; false while there is no connection. */
  say(line: string): boolean;
  /** The person wants another seat than the one that is over. */
  begin(): void;
}

/** The seat of a person: what is asked of them, one large field for the answer, and what the server thinks of it. */
export class PlaySeat {
  readonly root: HTMLElement;
  readonly #options: PlaySeatOptions;
  readonly #headline: HTMLElement = element('p', { class: 'ask' }, 'Connecting …');
  readonly #facts: HTMLElement = element('p', { class: 'aside' });
  readonly #notice: HTMLElement = element('p', { class: 'quiet', role: 'status' });
  readonly #trouble: HTMLElement = element('p', { class: 'trouble', role: 'alert' });
  readonly #label: HTMLElement = element('label', { for: 'play-number' });
  readonly #field: HTMLInputElement = element('input', {
    id: 'play-number',
    inputmode: 'numeric',
    enterkeyhint: 'send',
    autocomplete: 'off',
    // More than any number has digits.
    maxlength: '80',
  });
  readonly #send: HTMLButtonElement = element('button', { type: 'submit', class: 'go' });
  readonly #form: HTMLElement = element('form', { class: 'entry' }, this.#label, this.#field, this.#send);
  readonly #name: HTMLInputElement = element('input', {
    id: 'play-name',
    autocomplete: 'nickname',
    maxlength: '20',
    placeholder: 'Ada',
  });
  readonly #naming: HTMLElement = element(
    'form',
    { class: 'naming' },
    element('label', { for: 'play-name' }, 'Your name, for everybody to see'),
    this.#name,
    element('button', { type: 'submit' }, 'Set'),
  );
  readonly #leave: HTMLElement = element('button', { type: 'button', class: 'plain' }, 'Leave');
  readonly #again: HTMLElement = element('button', { type: 'button' }, 'Take a new seat');
  #hasBeenHeard = false;
  #isAway = true;
  #stage = '';

  constructor(options: PlaySeatOptions) {
    this.#options = options;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#naming.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#name.value.trim() !== '') options.say(`name ${this.#name.value.trim()}`);
    });
    this.#leave.addEventListener('click', () => options.say('quit'));
    this.#again.addEventListener('click', () => {
      this.warn('');
      options.begin();
    });
    const words = element('div', { role: 'status' }, this.#headline, this.#facts);
    this.root = element(
      'section',
      { class: 'seat', 'aria-label': 'Your seat' },
      words,
      this.#notice,
      this.#trouble,
      this.#form,
      this.#naming,
      element('div', { class: 'seat-actions' }, this.#again, this.#leave),
    );
  }

  /** Shows where the person stands. */
  show(talk: PlayTalk): void {
    this.#hasBeenHeard ||= talk.stage !== 'away';
    const { headline, facts } = seatWords(talk, this.#hasBeenHeard);
    setText(this.#headline, headline);
    setText(this.#facts, facts);
    const { stage } = talk;
    // What was said while the seat was out of reach is over when it is back.
    if (this.#isAway && stage === 'bpm') this.warn('');
    if (this.#isAway && (stage === 'bpm' || stage === 'balance')) this.tell('');
    this.#isAway = stage === 'away';
    this.#form.hidden = stage === 'over' || (stage === 'away' && !this.#hasBeenHeard);
    this.#send.disabled = stage === 'away';
    this.#again.hidden = stage !== 'over';
    this.#leave.hidden = stage !== 'bpm';
    this.#naming.hidden = stage !== 'bpm';
    if (stage === this.#stage || stage === 'away' || stage === 'over') return;
    const isBalance = stage === 'balance';
    setText(this.#label, isBalance ? 'Token balance' : 'BPM');
    setText(this.#send, isBalance ? 'Take a seat' : 'Propose');
    this.#field.placeholder = isBalance ? '100' : '72';
    if (this.#stage !== '') this.#field.value = '';
    this.#stage = stage;
  }

  /** Says what went wrong; an empty text takes that back. */
  warn(words: string): void {
    setText(this.#trouble, words);
  }

  /** Shows what else the server says. */
  tell(words: string): void {
    setText(this.#notice, words);
  }

  #submit(): void {
    const text = this.#field.value;
    const fault = numberFault(text);
    this.warn(fault ?? '');
    this.tell('');
    if (fault === undefined && this.#options.say(text.trim())) this.#field.value = '';
  }
}
