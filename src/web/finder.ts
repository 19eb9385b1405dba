import type { DrawnBlock } from '../core/block.ts';
import type { Segment } from '../http/api/types.ts';
import { element, link, setText } from './elements.ts';
import { lastWinWords, poolWords, readPrefix } from './segment-search.ts';

const key = 'find-me';

/** A field for the visitor's own address, and a text about that validator's chances. The address stays in this tab: no request is made with it. */
export class Finder {
  readonly root: HTMLElement;
  readonly #field: HTMLInputElement = element('input', {
    id: key,
    placeholder: '8 digits of your address',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
  });
  readonly #words: HTMLElement = element('span');
  readonly #rounds: HTMLAnchorElement = link('', 'All its rounds');

  /** @param changed is called when the address in the field changes */
  constructor(changed: () => void) {
    this.#field.value = remembered();
    this.#field.addEventListener('input', () => {
      remember(this.#field.value);
      changed();
    });
    const label = element('label', { for: key }, 'Find me');
    this.root = element('div', { class: 'find' }, label, this.#field, element('p', {}, this.#words, ' ', this.#rounds));
    this.#rounds.hidden = true;
  }

  /** The address prefix in the field; undefined while it is too short. */
  get prefix(): string | undefined {
    return readPrefix(this.#field.value);
  }

  /** Shows the validator's tickets in a pool, and its last win among `blocks`, the newest first. */
  show(segments: readonly Segment[], blocks: readonly DrawnBlock[]): void {
    const { prefix } = this;
    this.#rounds.hidden = prefix === undefined;
    if (prefix === undefined) {
      setText(this.#words, oddWords(this.#field.value));
      return;
    }
    this.#rounds.href = `/validators/${prefix}`;
    setText(this.#words, `${poolWords(segments, prefix)} ${lastWinWords(blocks, prefix)}`);
  }
}

/** What is said of a text that is no beginning of a validator's address. */
function oddWords(text: string): string {
  if (/^\s*sort1/i.test(text)) return 'This is the address of an account: look for it below.';
  return /[^0-9a-f…\s]/i.test(text) ? 'An address has the digits 0 to 9 and a to f only.' : '';
}

/** The remembered address. It is not kept in the address bar, which would be sent to the server. A browser may refuse the storage. */
function remembered(): string {
  try {
    return sessionStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

function remember(text: string): void {
  try {
    sessionStorage.setItem(key, text);
  } catch {}
}
