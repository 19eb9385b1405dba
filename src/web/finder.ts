import type { DrawnBlock } from '../core/block.ts';
import type { Segment } from '../http/api/types.ts';
import { element, link, setText } from './elements.ts';
import { lastWinWords, poolWords, readPrefix } from './segment-search.ts';

const key = 'find-me';

/** A field in which somebody says who they are, and words about how they stand. It asks nobody and tells nobody: this tab alone remembers. */
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

  /** `changed` is called when somebody else is looked for. */
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

  /** The first digits of the address that is looked for; undefined while there are too few. */
  get prefix(): string | undefined {
    return readPrefix(this.#field.value);
  }

  /** Says how that one stands in a pool, and when it last won, as far as these blocks tell, the newest first. */
  show(segments: readonly Segment[], blocks: readonly DrawnBlock[]): void {
    const { prefix } = this;
    this.#rounds.hidden = prefix === undefined;
    if (prefix === undefined) {
      const isOdd = /[^0-9a-f…\s]/i.test(this.#field.value);
      setText(this.#words, isOdd ? 'An address has the digits 0 to 9 and a to f only.' : '');
      return;
    }
    this.#rounds.href = `/validators/${prefix}`;
    setText(this.#words, `${poolWords(segments, prefix)} ${lastWinWords(blocks, prefix)}`);
  }
}

/** Not the address bar: what stands there goes to the server with the next visit. A browser that keeps nothing for us is no fault. */
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
