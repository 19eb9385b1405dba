import type { JsonField, JsonKey } from '../base/json-field.ts';
import { element } from './elements.ts';
import { fieldsOf, pathName, typedLike } from './tampering.ts';

/** The fields that a cheat would want to change, in a draw and in a block of work. */
const tellingFields: readonly (readonly string[])[] = [
  ['BPM', 'Draw.Stake', 'Validator', 'Draw.Ticket'],
  ['BPM', 'Validator', 'Work.Difficulty', 'Work.Nonce'],
];

/** Input fields for changing a block: the telling ones first, the others behind "More fields". */
export class TamperFields {
  readonly root: HTMLElement;
  readonly #changed: (path: readonly JsonKey[], value: string | number) => Promise<unknown>;
  readonly #first: HTMLElement = element('div', { class: 'fields' });
  readonly #others: HTMLElement = element('div', { class: 'fields' });
  readonly #more: HTMLElement = element('details', {}, element('summary', {}, 'More fields'), this.#others);

  /** @param changed is called at every change, and resolves when its verdict is shown */
  constructor(changed: (path: readonly JsonKey[], value: string | number) => Promise<unknown>) {
    this.#changed = changed;
    this.root = element('div', { class: 'all-fields' }, this.#first, this.#more);
  }

  /** Shows the fields of a block; all of them at once when the block has neither a draw nor work. */
  show(block: unknown): void {
    const fields = fieldsOf(block);
    const find = (name: string): readonly JsonField[] => fields.filter(({ path }) => pathName(path) === name);
    const telling = tellingFields.find((names) => names.every((name) => find(name).length > 0));
    const first = telling?.flatMap(find) ?? [];
    const others = fields.filter((field) => !first.includes(field));
    const isShort = telling === undefined;
    this.#more.hidden = isShort;
    this.#first.replaceChildren(...(isShort ? fields : first).map((field) => this.#row(field)));
    this.#others.replaceChildren(...(isShort ? [] : others).map((field) => this.#row(field)));
  }

  #row({ path, value }: JsonField): HTMLElement {
    const input = element('input', { value: String(value), spellcheck: 'false', autocomplete: 'off' });
    input.addEventListener('input', async () => {
      await this.#changed(path, typedLike(value, input.value));
      // The verdict above the field may have become longer and moved it.
      input.scrollIntoView({ block: 'nearest' });
    });
    return element('label', {}, element('span', {}, pathName(path)), input);
  }
}
