import { parseDigits } from '../../base/amount.ts';
import { limits } from './limits.ts';

/** What `last` may be where fairness is asked for: how many rounds to look back. Few values, so that few answers are computed. */
export const lookbacks = ['20', '100', '500', 'all'] as const;

/** Reads a whole number that somebody asks with, such as the index of a block in an address; undefined for anything else. */
export function readWhole(text: string): number | undefined {
  const number = text.length > limits.indexDigitsMax ? undefined : parseDigits(text);
  return number === undefined ? undefined : Number(number);
}

/** True for at least the first 8 digits of an address, in lower case: enough to tell the people of a room apart. */
export function isPrefix(text: string): boolean {
  return /^[0-9a-f]{8,64}$/.test(text);
}
