import type { StoredBlock } from '../consensus/engine.ts';
import { limits } from './limits.ts';

/**
 * Blocks that follow each other, in the writes that they share: all in one, unless they have many transactions. A block is never divided, so one alone may
 * have more.
 */
export function writesOf<Stored extends Pick<StoredBlock, 'signed'>>(
  stored: readonly Stored[],
): readonly (readonly Stored[])[] {
  const writes: Stored[][] = [];
  let transactions = Number.POSITIVE_INFINITY;
  for (const block of stored) {
    const more = block.signed?.Transactions.length ?? 0;
    transactions += more;
    if (transactions > limits.transactionsPerWriteMax) {
      writes.push([]);
      transactions = more;
    }
    writes.at(-1)?.push(block);
  }
  return writes;
}
