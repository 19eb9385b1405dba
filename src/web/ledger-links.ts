import { shortHash } from '../base/formatting.ts';
import { element } from './elements.ts';

/** The short name of an account as a link to its page, with the whole key as its title. */
export function accountLink(key: string): HTMLElement {
  return element('a', { href: `/accounts/${key}`, class: 'hash', title: key }, shortHash(key));
}

/** The short Id of a transaction as a link to its page. */
export function transactionLink(id: string): HTMLElement {
  return element('a', { href: `/transactions/${id}`, class: 'hash', title: id }, shortHash(id));
}
