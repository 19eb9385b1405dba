import type { Reorganised } from '../http/api/types.ts';
import { amountText } from './amount-text.ts';

/** What took the place of what. */
export function branchWords({ fork, removedCount, addedCount }: Omit<Reorganised, 'removed'>): string {
  const [first, last] = [amountText(fork + 1), amountText(fork + removedCount)];
  const which = removedCount === 1 ? `block ${first}` : `the blocks ${first} to ${last}`;
  const branch = addedCount === 1 ? 'A heavier block' : `A heavier branch of ${amountText(addedCount)} blocks`;
  return `${branch} took the place of ${which}, and what was in ${removedCount === 1 ? 'it' : 'them'} waits again:`;
}
