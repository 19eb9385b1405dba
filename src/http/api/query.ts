import { parseDigits } from '../../base/amount.ts';
import { limits } from './limits.ts';

/** The accepted values of `last` in requests about fairness: how many rounds to look back. There are few, so that few answers are computed. */
export const lookbacks = ['20', '100', '500', 'all'] as const;

/** Parses a whole number in a request, such as the index of a block in an address. Returns undefined for anything else. */
export function parseWholeNumber(text: string): number | undefined {
  const number = text.length > limits.indexDigitsMax ? undefined : parseDigits(text);
  return number === undefined ? undefined : Number(number);
}

/** True for at least the first 8 digits of an address, in lower case: enough to tell the participants of one lottery apart. */
export function isAddressPrefix(text: string): boolean {
  return /^[0-9a-f]{8,64}$/.test(text);
}
