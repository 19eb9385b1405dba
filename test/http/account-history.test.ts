import { describe, expect, it } from 'vitest';
import { AccountHistory, type LedgerBlock } from '../../src/http/account-history.ts';
import { limits } from '../../src/http/limits.ts';
import type { Transaction } from '../../src/ledger/transaction.ts';
import { hexOf } from '../core/build-chain.ts';

const [ada, ben, eve] = [hexOf('ada'), hexOf('ben'), hexOf('eve')];
const signed = { Fee: '1', Nonce: 0, Until: 9, Signature: '' };

function transfer(from: string, to: string, amount = '5'): Transaction {
  return { Kind: 'transfer', From: from, To: to, Amount: amount, ...signed };
}

function block(index: number, validator: string, ...transactions: readonly Transaction[]): LedgerBlock {
  const Fees = String(transactions.length);
  const Ledger = {
    Transactions: transactions.length,
    Fees,
    TransactionRoot: '',
    Accounts: 3,
    Supply: '9',
    StateRoot: '',
  };
  const ids = transactions.map((_, place) => `${index}.${place}`);
  return { block: { Index: index, Validator: validator, Ledger }, transactions, ids };
}

/** A block that fills so many places of a history. */
function largeBlock(index: number, entries: number): LedgerBlock {
  return block(index, eve, ...Array.from({ length: entries - 1 }, () => transfer(ada, ben)));
}

function historyOf(...blocks: readonly LedgerBlock[]): AccountHistory {
  const history = new AccountHistory(() => 10n);
  for (const added of blocks) history.add(added);
  return history;
}

async function* streamed(...blocks: readonly LedgerBlock[]): AsyncGenerator<LedgerBlock> {
  yield* blocks;
}

function indexesOf(history: AccountHistory, key: string): readonly number[] {
  return history.of(key).entries.map(({ index }) => index);
}

describe('the history of an account', () => {
  it('has what it sent and got and the rewards of its blocks, the newest first', () => {
    const history = historyOf(block(1, ben, transfer(ada, ben)), block(2, eve), block(3, ada, transfer(ben, ada, '2')));
    expect(history.of(ada)).toEqual({
      firstBlock: 1,
      entries: [
        { index: 3, kind: 'reward', to: ada, amount: '11' },
        { index: 3, kind: 'transfer', id: '3.0', from: ben, to: ada, amount: '2', fee: '1' },
        { index: 1, kind: 'transfer', id: '1.0', from: ada, to: ben, amount: '5', fee: '1' },
      ],
    });
    expect(indexesOf(history, eve)).toEqual([2]);
  });

  it('has the report of a validator in the histories of both, and no amount that nobody stated', () => {
    const evidence = [{ Index: 1, Validator: ben, BPM: 'x', Signature: '' }];
    const history = historyOf(block(2, eve, { Kind: 'report', From: ada, Evidence: evidence, ...signed }));
    const entry = { index: 2, kind: 'report', id: '2.0', from: ada, to: ben, fee: '1' };
    expect([history.of(ada).entries, history.of(ben).entries]).toEqual([[entry], [entry]]);
  });

  it('says that nothing was searched before there is a block, and has no rewards where there are none', () => {
    expect(historyOf().of(ada)).toEqual({ entries: [], firstBlock: null });
    const history = new AccountHistory(() => 0n);
    history.add(block(1, ada));
    expect(history.of(ada)).toEqual({ entries: [], firstBlock: 1 });
  });

  it('puts older blocks before those that came meanwhile', async () => {
    const history = historyOf(block(4, ada));
    await history.addBefore(streamed(block(3, ada), block(2, ada)));
    history.add(block(5, ada));
    expect(indexesOf(history, ada)).toEqual([5, 4, 3, 2]);
    expect(history.of(ada).firstBlock).toBe(2);
  });

  it.each([
    ['just fits', 0, [3, 2]],
    ['has one entry too many', 1, [3]],
  ])('takes older blocks as long as there is room: the last one %s', async (_, excess, kept) => {
    const history = historyOf(block(3, eve));
    await history.addBefore(streamed(largeBlock(2, limits.accountEntriesMax - 1 + excess), block(1, eve)));
    expect(indexesOf(history, eve)).toEqual(kept);
    expect(history.of(eve).firstBlock).toBe(kept.at(-1));
  });

  it('drops whole blocks, the oldest first, and never the newest', () => {
    const history = historyOf(block(1, eve), largeBlock(2, limits.accountEntriesMax - 1));
    expect(indexesOf(history, eve)).toEqual([2, 1]);
    history.add(block(3, eve));
    expect(indexesOf(history, eve)).toEqual([3, 2]);
    history.add(block(4, eve));
    expect(indexesOf(history, eve)).toEqual([4, 3]);
    history.add(largeBlock(5, limits.accountEntriesMax + 1));
    expect(indexesOf(history, eve)).toEqual([5]);
    expect(history.of(eve).firstBlock).toBe(5);
  });

  it('gives no more entries than an answer may have, and says where it stopped', () => {
    const most = limits.accountEntriesPerAnswerMax;
    const history = historyOf(...Array.from({ length: most + 1 }, (_, place) => block(place + 1, ada)));
    const { entries, firstBlock } = history.of(ada);
    expect([entries.length, entries.at(-1)?.index, firstBlock]).toEqual([most, 2, 2]);
  });

  it('forgets blocks that fell out of the chain, also those that are read only then', async () => {
    const history = historyOf(block(4, ada), block(5, ada));
    const older = async function* (): AsyncGenerator<LedgerBlock> {
      yield block(3, ada);
      yield block(2, ada);
      history.goBack(2);
      history.add(block(3, ben, transfer(ada, eve)));
      yield block(1, ada);
    };
    await history.addBefore(older());
    expect(history.of(ada).entries.map(({ index, kind }) => [index, kind])).toEqual([
      [3, 'transfer'],
      [2, 'reward'],
      [1, 'reward'],
    ]);
    history.goBack(0);
    expect(history.of(ada).entries).toEqual([]);
  });
});
