import { shortHash } from '../base/formatting.ts';
import type { Profile } from '../http/api/types.ts';
import { colourOf } from './colours.ts';
import { element } from './elements.ts';

/** A validator as a link to its page: by its name, if it has one, and always by the first digits of its address, which are its alone. */
export function validatorLink(validator: string, { name }: Profile): HTMLElement {
  const link = element('a', { href: `/validators/${validator}`, class: 'hash' });
  if (name !== undefined) link.append(element('span', { class: 'name' }, `${name} `));
  link.append(shortHash(validator));
  return link;
}

/** What a validator is called where there is room for one word: its name or the first digits of its address. */
export function calledName(validator: string, { name }: Profile): string {
  return name ?? validator.slice(0, 8);
}

/** What it is called in a sentence: both, where it has both. */
export function fullName(validator: string, { name }: Profile): string {
  return name === undefined ? shortHash(validator) : `${name} (${shortHash(validator)})`;
}

/** A swatch with the colour of a validator. */
export function swatchOf(validator: string, profile: Profile): HTMLElement {
  const swatch = element('i', { class: 'swatch', 'aria-hidden': 'true' });
  paint(swatch, validator, profile);
  return swatch;
}

/** Gives an element the colour of a validator. */
export function paint(target: HTMLElement, validator: string, profile: Profile): void {
  const { hue, lightness } = colourOf(validator, profile);
  target.style.setProperty('--hue', String(hue));
  target.style.setProperty('--lightness', String(lightness));
}
