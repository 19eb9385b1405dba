import { expect, it } from 'vitest';
import type { Block } from '../../src/core/block.ts';
import { type Candidate, FrozenPool } from '../../src/core/pool.ts';
import { newAccount } from '../../src/ledger/account.ts';
import type { BlockStore, ResumableSessionStore } from '../../src/node/ports.ts';
import { buildChain, candidatesWith, hexOf, storedBlock } from '../core/build-chain.ts';

/** A transaction of the right form; its signature is none. */
const transfer = {
  Kind: 'transfer',
  From: hexOf('faucet'),
  To: hexOf('new'),
  Amount: '10',
  Fee: '0',
  Nonce: 0,
  Until: 9,
  Signature: `${hexOf('half')}${hexOf('other half')}`,
} as const;

/** Pools of 1, 2, 3 … candidates in drawing order, with small and huge stakes. */
export const pools: readonly (readonly Candidate[])[] = [1, 2, 3, 5].map((count) =>
  drawingOrder(candidatesWith(Array.from({ length: count }, (_, place) => 10n ** BigInt(place * 17)))),
);

/** A genesis and a block for each pool. */
export const chain: readonly Block[] = buildChain(pools, 2);

function drawingOrder(candidates: readonly Candidate[]): readonly Candidate[] {
  const sorted = [...candidates].sort((one, other) => (one.validator < other.validator ? -1 : 1));
  return new FrozenPool(sorted, []).candidates;
}

export async function fill(store: BlockStore): Promise<void> {
  for (const [index, block] of chain.entries()) await store.append(storedBlock(block, pools[index - 1] ?? []));
}

export async function textsOf(store: BlockStore): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const batch of store.blocks()) texts.push(...batch);
  return texts;
}

/** What every store of blocks promises, whatever it is made of. */
export function describesABlockStore(open: () => Promise<BlockStore>): void {
  it('has no blocks and no pools at first', async () => {
    const store = await open();
    expect(await textsOf(store)).toEqual([]);
    expect(await store.pool(0)).toBeUndefined();
  });

  it('gives back every block in order, as its JSON text', async () => {
    const store = await open();
    await fill(store);
    expect(await textsOf(store)).toEqual(chain.map((block) => JSON.stringify(block)));
  });

  it('gives back the whole pool of every block, in drawing order', async () => {
    const store = await open();
    await fill(store);
    expect(await store.pool(0)).toEqual([]);
    for (const [place, pool] of pools.entries()) expect(await store.pool(place + 1)).toEqual(pool);
    expect(await store.pool(chain.length)).toBeUndefined();
  });

  it('refuses a block that does not come next, and stores nothing of it', async () => {
    const store = await open();
    const [genesis, first, second] = chain;
    if (genesis === undefined || first === undefined || second === undefined) throw new Error('the chain is too short');
    await expect(store.append(storedBlock(first))).rejects.toThrow('block 1 does not follow the 0 that are stored');
    await store.append(storedBlock(genesis));
    await expect(store.append(storedBlock(genesis))).rejects.toThrow('block 0 does not follow the 1 that are stored');
    await expect(store.append(storedBlock(second))).rejects.toThrow('block 2 does not follow');
    expect(await textsOf(store)).toEqual([JSON.stringify(genesis)]);
  });

  it('stores several blocks that come next, all or none of them', async () => {
    const store = await open();
    const stored = chain.map((block, index) => storedBlock(block, pools[index - 1] ?? []));
    const [genesis, first, second, third, ...rest] = stored;
    if (genesis === undefined || first === undefined || second === undefined || third === undefined) {
      throw new Error('the chain is too short');
    }
    await store.append(genesis, first);
    await expect(store.append(second, first)).rejects.toThrow('block 1 does not follow the 3 that are stored');
    expect(store.height).toBe(1);
    expect(await textsOf(store)).toEqual([genesis.text, first.text]);
    await store.append(second, third, ...rest);
    expect(store.height).toBe(chain.length - 1);
    expect(await textsOf(store)).toEqual(stored.map(({ text }) => text));
    for (const [place, pool] of pools.entries()) expect(await store.pool(place + 1)).toEqual(pool);
  });

  it('keeps the pool as it was when it was given', async () => {
    const store = await open();
    const [genesis, first] = chain;
    if (genesis === undefined || first === undefined) throw new Error('the chain is too short');
    await store.append(storedBlock(genesis));
    const pool = [...(pools[0] ?? [])];
    await store.append(storedBlock(first, pool));
    pool.pop();
    expect(await store.pool(1)).toEqual(pools[0]);
  });

  it('finds blocks by place and by hash as they come, and nothing where there is none', async () => {
    const store = await open();
    expect(store.height).toBe(-1);
    expect(await store.block(0)).toBeUndefined();
    for (const [index, block] of chain.entries()) {
      expect(await store.blockByHash(block.Hash)).toBeUndefined();
      await store.append(storedBlock(block, pools[index - 1] ?? []));
      expect(store.height).toBe(index);
      expect(await store.block(index)).toBe(JSON.stringify(block));
      expect(await store.block(index + 1)).toBeUndefined();
      expect(await store.blockByHash(block.Hash)).toBe(JSON.stringify(block));
      expect(await store.blockByHash(chain[0]?.Hash ?? '')).toBe(JSON.stringify(chain[0]));
    }
    expect(await store.blockByHash(hexOf('nothing'))).toBeUndefined();
    expect(await store.blockByHash('')).toBeUndefined();
  });

  it('finds several hashes that are asked for at once', async () => {
    const store = await open();
    await fill(store);
    const texts = await Promise.all(chain.map(({ Hash }) => store.blockByHash(Hash)));
    expect(texts).toEqual(chain.map((block) => JSON.stringify(block)));
  });

  it('gives ranges of blocks, of those that there are, and all from one on', async () => {
    const store = await open();
    await fill(store);
    const texts = chain.map((block) => JSON.stringify(block));
    for (const [first, last] of [
      [0, 0],
      [1, 2],
      [0, 99],
      [2, 1],
      [99, 100],
    ] as const) {
      expect(await store.blockRange(first, last)).toEqual(texts.slice(first, last + 1));
    }
    for (const first of [0, 1, chain.length - 1, chain.length, 99]) {
      const read: string[] = [];
      for await (const batch of store.blocks(first)) read.push(...batch);
      expect(read).toEqual(texts.slice(first));
    }
  });

  it('gives a pool as the text that it is stored as', async () => {
    const store = await open();
    await fill(store);
    for (const [place, pool] of [[], ...pools].entries()) {
      const entries = pool.map(({ validator, stake, payload }) => ({
        Validator: validator,
        Stake: String(stake),
        BPM: payload,
      }));
      expect(await store.poolText(place)).toBe(JSON.stringify(entries));
    }
    expect(await store.poolText(99)).toBeUndefined();
  });

  it('keeps the text of a block that it was given, and a block whose pool is lost', async () => {
    const store = await open();
    const [genesis, first] = chain;
    if (genesis === undefined || first === undefined) throw new Error('the chain is too short');
    const text = JSON.stringify(genesis, undefined, 1);
    await store.append({ block: genesis, text, body: [] });
    await store.append({ ...storedBlock(first), body: undefined });
    expect(await store.block(0)).toBe(text);
    expect(await store.pool(1)).toBeUndefined();
    expect(await store.poolText(1)).toBeUndefined();
  });

  it('keeps the signature of a sealed pool with its block, and none where none is given', async () => {
    const store = await open();
    const [genesis, first, second] = chain;
    if (genesis === undefined || first === undefined || second === undefined) throw new Error('too short a chain');
    const seal = `${hexOf('half')}${hexOf('other half')}`;
    await store.append(storedBlock(genesis));
    await store.append({ ...storedBlock(first, pools[0]), seal }, storedBlock(second, pools[1]));
    expect(await Promise.all([0, 1, 2, 3].map((index) => store.sealOf(index)))).toEqual([
      undefined,
      seal,
      undefined,
      undefined,
    ]);
  });

  it('keeps what a ledger is judged by, its accounts and the places of its transactions with the block', async () => {
    const store = await open();
    const [genesis, first] = chain;
    if (genesis === undefined || first === undefined) throw new Error('the chain is too short');
    const account = (name: string, balance: bigint) => newAccount(hexOf(name), balance);
    const faucet = new Map([[0, account('faucet', 100n)]]);
    await store.append({ ...storedBlock(genesis), effects: { accounts: faucet, transactionIds: [] } });
    expect(await store.accounts()).toEqual([account('faucet', 100n)]);
    const signed = { Transactions: [transfer], Candidates: [] };
    const accounts = new Map([
      [0, account('faucet', 90n)],
      [1, account('new', 10n)],
    ]);
    const effects = { accounts, transactionIds: [hexOf('id')] };
    await store.append({ ...storedBlock(first, pools[0]), signed, effects });
    expect(await store.accounts()).toEqual([...accounts.values()]);
    expect(await store.signedBodyText(0)).toBeUndefined();
    expect(await store.signedBodyText(1)).toBe(JSON.stringify(signed));
    expect(await store.signedBodyText(99)).toBeUndefined();
    expect(await store.blockOfTransaction(hexOf('id'))).toBe(1);
    expect(await store.blockOfTransaction(hexOf('another'))).toBeUndefined();
    expect(await store.pool(1)).toEqual(pools[0]);
  });

  it('gives up the end of its chain for another one, which may be shorter, with what it did to the ledger', async () => {
    const store = await open();
    const account = (name: string, balance: bigint) => newAccount(hexOf(name), balance);
    const before = new Map([[0, account('faucet', 100n)]]);
    for (const [index, block] of chain.entries()) {
      const accounts = new Map([
        [0, account('faucet', 100n - BigInt(index))],
        [index, account(`new ${index}`, 1n)],
      ]);
      const effects = { accounts: index === 0 ? before : accounts, transactionIds: [hexOf(`id ${index}`)] };
      const signed = { Transactions: [transfer] };
      await store.append({ ...storedBlock(block, pools[index - 1]), effects, ...(index === 0 ? {} : { signed }) });
    }
    for (const { Hash } of chain) expect(await store.blockByHash(Hash)).toBeDefined();
    const [genesis, first] = chain;
    const [, other, another] = buildChain([pools[0] ?? [], pools[2] ?? []], 2);
    if (first === undefined || other === undefined || another === undefined) throw new Error('the chain is too short');
    const undone = {
      accounts: new Map([[0, account('faucet', 99n)]]),
      accountCount: 2,
      transactionIds: [hexOf('id 2'), hexOf('id 3'), hexOf('id 4')],
    };
    const effects = { accounts: new Map([[1, account('new 1', 7n)]]), transactionIds: [hexOf('id 3')] };
    store.saveRecord('waiting', 'id 3', 'before it was in a block');
    store.removeRecord('waiting', 'id 3');
    const returned = new Map([['id 3', 'fell out']]);
    await store.replace({ first: 2, undone, returned }, { ...storedBlock(another, pools[2]), effects });

    expect(await store.records('waiting')).toEqual([['id 3', 'fell out']]);
    expect(store.height).toBe(2);
    expect(await textsOf(store)).toEqual([genesis, first, another].map((block) => JSON.stringify(block)));
    expect(await store.blockRange(0, 99)).toHaveLength(3);
    expect(await store.block(3)).toBeUndefined();
    expect(await store.pool(2)).toEqual(pools[2]);
    expect(await store.poolText(3)).toBeUndefined();
    expect(await store.signedBodyText(1)).toBeDefined();
    expect(await store.signedBodyText(2)).toBeUndefined();
    expect(await store.signedBodyText(4)).toBeUndefined();
    expect(await store.accounts()).toEqual([account('faucet', 99n), account('new 1', 7n)]);
    expect(await store.blockOfTransaction(hexOf('id 1'))).toBe(1);
    expect(await store.blockOfTransaction(hexOf('id 2'))).toBeUndefined();
    expect(await store.blockOfTransaction(hexOf('id 3'))).toBe(2);
    for (const { Hash } of chain.slice(2)) expect(await store.blockByHash(Hash)).toBeUndefined();
    expect(await store.blockByHash(another.Hash)).toBe(JSON.stringify(another));
    await expect(store.append(storedBlock(first))).rejects.toThrow('block 1 does not follow the 3 that are stored');
  });

  it('gives up the end of its chain for nothing', async () => {
    const store = await open();
    await fill(store);
    await store.replace({ first: 2 });
    expect(store.height).toBe(1);
    expect(await textsOf(store)).toEqual(chain.slice(0, 2).map((block) => JSON.stringify(block)));
    const [, , second] = chain;
    if (second === undefined) throw new Error('the chain is too short');
    expect(await store.blockByHash(second.Hash)).toBeUndefined();
    await store.append(storedBlock(second));
    expect(store.height).toBe(2);
  });

  it('refuses another end that does not follow, and keeps what it has', async () => {
    const store = await open();
    await fill(store);
    const [, , second, third] = chain;
    if (second === undefined || third === undefined) throw new Error('the chain is too short');
    await expect(store.replace({ first: 2 }, storedBlock(third))).rejects.toThrow('block 3 does not follow the 2');
    expect(await textsOf(store)).toEqual(chain.map((block) => JSON.stringify(block)));
    await store.replace({ first: 2 }, storedBlock(second));
    await store.append(storedBlock(third));
    expect(store.height).toBe(3);
  });

  it('keeps records of each kind by their names, and removes them', async () => {
    const store = await open();
    store.saveRecord('waiting', 'a', '1');
    store.saveRecord('waiting', 'b', '2');
    store.saveRecord('offence', 'a', '3');
    await store.recordsSynced();
    store.saveRecord('waiting', 'a', '4');
    store.removeRecord('waiting', 'b');
    expect(await store.records('waiting')).toEqual([['a', '4']]);
    expect(await store.records('offence')).toEqual([['a', '3']]);
    expect(await store.records('departed')).toEqual([]);
  });

  it('may be read while it is written to', async () => {
    const store = await open();
    const [genesis, ...rest] = chain;
    if (genesis === undefined) throw new Error('the chain is too short');
    await store.append(storedBlock(genesis));
    const reader = store.blocks()[Symbol.asyncIterator]();
    expect((await reader.next()).value).toEqual([JSON.stringify(genesis)]);
    for (const block of rest) await store.append(storedBlock(block));
    await reader.return?.();
    expect((await textsOf(store)).length).toBe(chain.length);
  });
}

/** What every store of sessions promises. It keeps blocks beside them. */
export function describesASessionStore(open: () => Promise<BlockStore & ResumableSessionStore>): void {
  it('keeps sessions, whatever their stakes, and removes them', async () => {
    const store = await open();
    const [one, other] = [
      { codeHash: hexOf('one'), address: hexOf('a'), stake: 1n, strikes: 0 },
      { codeHash: hexOf('other'), address: hexOf('b'), stake: 10n ** 40n, strikes: 2 },
    ];
    store.saveSession(one);
    store.saveSession(other);
    await fill(store);
    expect(await store.sessions()).toHaveLength(2);
    expect(await store.sessions()).toEqual(expect.arrayContaining([one, other]));
    const tainted = { ...other, strikes: 3 };
    store.saveSession(tainted);
    store.removeSession(one.codeHash);
    expect(await store.sessions()).toEqual([tainted]);
    expect((await textsOf(store)).length).toBe(chain.length);
  });

  it('removes a session that is removed in the moment in which it was saved, however many are', async () => {
    const store = await open();
    const sessions = Array.from({ length: 1000 }, (_, place) => ({
      codeHash: hexOf(`code ${place}`),
      address: hexOf(`validator ${place}`),
      stake: 1n,
      strikes: 0,
    }));
    for (const session of sessions) {
      store.saveSession(session);
      store.removeSession(session.codeHash);
    }
    expect(await store.sessions()).toEqual([]);
  });

  it('has synced all sessions when it says so, and loses none of them', async () => {
    const store = await open();
    const session = { codeHash: hexOf('one'), address: hexOf('a'), stake: 1n, strikes: 0 };
    store.saveSession(session);
    await store.sessionsSynced();
    expect(await store.sessions()).toEqual([session]);
    store.removeSession(session.codeHash);
    await store.sessionsSynced();
    expect(await store.sessions()).toEqual([]);
    await store.verifyPlace();
  });
}
