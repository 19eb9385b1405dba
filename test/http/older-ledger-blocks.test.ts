import { describe, expect, it } from 'vitest';
import type { LedgerBlock } from '../../src/http/account-history.ts';
import { type LedgerBlockStore, readOlderLedgerBlocks } from '../../src/http/older-ledger-blocks.ts';
import { type Transaction, transactionId } from '../../src/ledger/transaction.ts';
import { DamageError } from '../../src/node/ports.ts';
import { hexOf } from '../core/build-chain.ts';

const chainId = hexOf('chain');
const height = 4;

function transactionOf(index: number): Transaction {
  const [From, To, Signature] = [hexOf('ada'), hexOf('ben'), hexOf('ada').repeat(2)];
  return { Kind: 'transfer', From, To, Amount: String(index), Fee: '0', Nonce: index, Until: 99, Signature };
}

function blockText(index: number): string {
  const hash = hexOf(`block ${index}`);
  const Ledger = { Transactions: 1, Fees: '0', TransactionRoot: hash, Accounts: 2, Supply: '100', StateRoot: hash };
  return JSON.stringify({
    Index: index,
    Timestamp: '2026-01-01T00:00:00.000Z',
    BPM: 0,
    Hash: hash,
    PrevHash: hash,
    Validator: hexOf('ada'),
    Ledger,
    Signature: hash.repeat(2),
  });
}

/** A chain with a transaction in each block; `body` gives the text beside the block where that is another one. */
function storeOf(body: (index: number) => string | undefined = bodyText): LedgerBlockStore {
  return { block: async (index) => blockText(index), signedBodyText: async (index) => body(index) };
}

function bodyText(index: number): string {
  return JSON.stringify({ Transactions: [transactionOf(index)] });
}

/** All that is read; `lastWanted` is the index after which no more is wanted. */
async function readAll(store: LedgerBlockStore, lastWanted = 0): Promise<readonly LedgerBlock[]> {
  const closing = new AbortController();
  const blocks: LedgerBlock[] = [];
  for await (const block of readOlderLedgerBlocks(store, { chainId, height }, closing.signal)) {
    blocks.push(block);
    if (block.block.Index === lastWanted) closing.abort();
  }
  return blocks;
}

describe('the older blocks of a ledger', () => {
  it('come newest first, with their transactions and the Ids of these', async () => {
    const blocks = await readAll(storeOf());
    expect(blocks.map(({ block }) => block.Index)).toEqual([4, 3, 2, 1]);
    for (const { block, transactions, ids } of blocks) {
      const transaction = transactionOf(block.Index);
      expect([transactions, ids]).toEqual([[transaction], [transactionId(chainId, transaction)]]);
    }
  });

  it.each([
    ['lost', () => undefined],
    ['not what they should be', () => '{"Transactions":[5]}'],
    ['no JSON', () => '{'],
    [
      'damaged',
      () => {
        throw new DamageError('it cannot be read');
      },
    ],
  ])('end before one whose transactions are %s, because a history with a gap would look complete', async (_, other) => {
    const blocks = await readAll(storeOf((index) => (index === 2 ? other() : bodyText(index))));
    expect(blocks.map(({ block }) => block.Index)).toEqual([4, 3]);
  });

  it('end when no more is wanted', async () => {
    expect((await readAll(storeOf(), 3)).map(({ block }) => block.Index)).toEqual([4, 3]);
  });

  it('are refused where a block cannot be read', async () => {
    const store = { ...storeOf(), block: async () => '{}' };
    await expect(readAll(store)).rejects.toThrow('block 4 cannot be read');
  });
});
