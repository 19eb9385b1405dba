import { element } from './elements.ts';
import { uiConstants } from './ui-constants.ts';

/** The conversation word for word, with a field for lines that have no field of their own: help, quit, and the commands of a wallet. */
export class PlayLog {
  readonly root: HTMLElement;
  readonly #lines: HTMLElement = element('div', {
    class: 'log',
    role: 'log',
    tabindex: '0',
    'aria-label': 'The conversation',
  });

  /** @param say sends a line; false while there is no connection */
  constructor(say: (line: string) => boolean) {
    const field = element('input', {
      id: 'play-line',
      autocomplete: 'off',
      autocapitalize: 'off',
      spellcheck: 'false',
      placeholder: 'help',
      maxlength: '4096',
    });
    const label = element('label', { for: 'play-line' }, 'A line as at nc');
    const form = element('form', { class: 'search' }, label, field, element('button', { type: 'submit' }, 'Send'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (say(field.value)) field.value = '';
    });
    const warning =
      'What you type here is sent as it is: at the prompt for a BPM anything else than a number or a command is a tainted block.';
    this.root = element(
      'details',
      { class: 'tamper' },
      element('summary', {}, 'The conversation, word for word'),
      this.#lines,
      form,
      element('p', { class: 'quiet' }, warning),
    );
  }

  /** Adds what the server said, or what was sent to it. */
  add(line: string, isOwn: boolean): void {
    this.#lines.append(element('p', isOwn ? { class: 'typed' } : {}, line));
    if (this.#lines.childElementCount > uiConstants.talkMax) this.#lines.firstElementChild?.remove();
    this.#lines.scrollTop = this.#lines.scrollHeight;
  }
}
