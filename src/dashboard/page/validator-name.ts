import { short } from '../../core/words.ts';
import { element } from './elements.ts';
import { hueOf } from './words.ts';

/** The name of a validator, which leads to its page. */
export function validatorLink(validator: string): HTMLElement {
  return element('a', { href: `/validators/${validator}`, class: 'hash' }, short(validator));
}

/** The colour of a validator, the same as on the strip. */
export function swatchOf(validator: string): HTMLElement {
  const swatch = element('i', { class: 'swatch', 'aria-hidden': 'true' });
  swatch.style.setProperty('--hue', String(hueOf(validator)));
  return swatch;
}
