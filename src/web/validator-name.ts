import { shortHash } from '../base/formatting.ts';
import type { Profile } from '../http/api/types.ts';
import { colourOf } from './colours.ts';
import { element } from './elements.ts';

/** The short name of a validator as a link to its page. */
export function validatorLink(validator: string): HTMLElement {
  return element('a', { href: `/validators/${validator}`, class: 'hash' }, shortHash(validator));
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
