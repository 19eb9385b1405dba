import type { DrawnBlock } from '../core/block.ts';
import type { Segment, TicketsAnswer } from '../http/api/types.ts';
import { element, link, setText } from './elements.ts';
import { isPerhapsNameless, lastWinWords, poolWords, readPrefix } from './segment-search.ts';
import { TicketQuestion } from './ticket-question.ts';

const key = 'find-me';

/** What the finder looks at. */
export interface Sight {
  /** The block that the pool is for. */
  readonly index: number;
  readonly segments: readonly Segment[];
  /** Drawn blocks, the newest first. */
  readonly blocks: readonly DrawnBlock[];
}

/**
 * A field for the visitor's own address, and a text about that validator's chances. The address stays in this tab, but where a pool is too large to
 * name everybody: then the server is asked for it.
 */
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
  readonly #changed: () => void;
  readonly #question = new TicketQuestion(() => {
    this.#showWords();
    this.#changed();
  });
  #sight: Sight = { index: 0, segments: [], blocks: [] };

  /** @param changed is called when the address in the field changes, and when the server has told where its tickets are */
  constructor(changed: () => void) {
    this.#changed = changed;
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

  /** Where the tickets of the validator are, as the server has told; undefined where it was not asked, or has not answered yet. */
  get tickets(): TicketsAnswer | undefined {
    const { prefix } = this;
    if (prefix === undefined || !isPerhapsNameless(this.#sight.segments, prefix)) return undefined;
    const answer = this.#question.answer(this.#sight.index, prefix);
    return answer === undefined || 'why' in answer ? undefined : answer;
  }

  /** Shows the validator's tickets in a pool, and its last win. */
  show(sight: Sight): void {
    const { prefix } = this;
    this.#sight = sight;
    if (prefix !== undefined && isPerhapsNameless(sight.segments, prefix)) this.#question.ask(sight.index, prefix);
    this.#showWords();
  }

  #showWords(): void {
    const { prefix } = this;
    const { index, segments, blocks } = this.#sight;
    this.#rounds.hidden = prefix === undefined;
    if (prefix === undefined) {
      setText(this.#words, oddWords(this.#field.value));
      return;
    }
    this.#rounds.href = `/validators/${prefix}`;
    const words = poolWords(segments, prefix, this.#question.answer(index, prefix));
    setText(this.#words, `${words} ${lastWinWords(blocks, prefix)}`);
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
