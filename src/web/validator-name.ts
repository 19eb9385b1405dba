import { shortHash } from '../base/formatting.ts';
import { type Colour, colourOf } from './colours.ts';
import { element } from './elements.ts';

/** The short name of a validator as a link to its page. */
export function validatorLink(validator: string): HTMLElement {
  return element('a', { href: `/validators/${validator}`, class: 'hash' }, shortHash(validator));
}

/** A swatch with the colour of a validator. The default is the colour of its address; in a strip it may have another lightness. */
export function swatchOf(validator: string, colour: Colour = colourOf(validator)): HTMLElement {
  const swatch = element('i', { class: 'swatch', 'aria-hidden': 'true' });
  paint(swatch, colour);
  return swatch;
}

/** Gives an element the colour of a validator. */
export function paint(target: HTMLElement, { hue, lightness }: Colour): void {
  target.style.setProperty('--hue', String(hue));
  target.style.setProperty('--lightness', String(lightness));
}
