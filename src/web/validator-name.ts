import { shortHash } from '../base/formatting.ts';
import { type Colour, colourOf } from './colours.ts';
import { element } from './elements.ts';

/** The name of a validator, which leads to its page. */
export function validatorLink(validator: string): HTMLElement {
  return element('a', { href: `/validators/${validator}`, class: 'hash' }, shortHash(validator));
}

/** The colour of a validator, the one that it has wherever it stands alone unless another is given. */
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
