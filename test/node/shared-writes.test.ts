import { describe, expect, it } from 'vitest';
import type { Transaction } from '../../src/ledger/transaction.ts';
import { limits } from '../../src/node/limits.ts';
import { writesOf } from '../../src/node/shared-writes.ts';

const most = limits.transactionsPerWriteMax;

/** How many blocks share each write, of blocks with so many transactions. */
function sizesOf(...counts: readonly number[]): readonly number[] {
  const blocks = counts.map((count) => ({ signed: { Transactions: Array<Transaction>(count) } }));
  const writes = writesOf(blocks);
  expect(writes.flat()).toEqual(blocks);
  return writes.map(({ length }) => length);
}

describe('blocks that are stored together', () => {
  it('share one write where they have no ledger', () => {
    expect(writesOf([{}, {}, {}])).toEqual([[{}, {}, {}]]);
    expect(writesOf([])).toEqual([]);
  });

  it('share one write up to so many transactions, and are never divided', () => {
    expect(sizesOf(0, 0, 0)).toEqual([3]);
    expect(sizesOf(most - 1, 1, 0)).toEqual([3]);
    expect(sizesOf(most - 1, 2, 0)).toEqual([1, 2]);
    expect(sizesOf(most, 0, 1)).toEqual([2, 1]);
    expect(sizesOf(most, most, 1, most - 1)).toEqual([1, 1, 2]);
    expect(sizesOf(most + 1, 1)).toEqual([1, 1]);
  });
});
