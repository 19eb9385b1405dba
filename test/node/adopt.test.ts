import { describe, expect, it } from 'vitest';
import type { StoredBlock } from '../../src/consensus/engine.ts';
import { findFault } from '../../src/consensus/verifier.ts';
import type { Signer } from '../../src/core/keys.ts';
import { signTransaction, type Transaction, transactionId } from '../../src/ledger/transaction.ts';
import { Chain } from '../../src/node/chain.ts';
import { limits } from '../../src/node/limits.ts';
import { type AppendedBlock, DiskFullError, type NodeEvent, type Rollback } from '../../src/node/ports.ts';
import { signerOf } from '../../src/platform/ed25519.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { hexOf, verifySignature } from '../core/build-chain.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { BranchMiner } from './branch-miner.ts';

const details = (): { receipts: { size: number; of: () => undefined } } => ({
  receipts: { size: 0, of: () => undefined },
});

interface Opened {
  readonly chain: Chain;
  readonly store: MemoryStore;
  readonly heard: NodeEvent[];
  readonly clock: SimulatedClock;
}

/** Opens a chain with these blocks. */
async function open(blocks: readonly StoredBlock[], store = new MemoryStore()): Promise<Opened> {
  const clock = new SimulatedClock();
  const heard: NodeEvent[] = [];
  const listener = { onEvent: (event: NodeEvent) => heard.push(event) };
  const chain = await Chain.open({ clock, verifySignature, store, listener });
  const [genesis, ...rest] = blocks.slice(chain.height + 1);
  if (genesis !== undefined && chain.tip === undefined) {
    await chain.found(genesis);
    for (const stored of rest) expect(await chain.accept(stored, details)).toBeUndefined();
  }
  heard.splice(0);
  return { chain, store, heard, clock };
}

/** The blocks of a miner behind one. */
function behind(miner: BranchMiner, index: number): readonly StoredBlock[] {
  return miner.blocks.slice(index + 1);
}

async function expectChain({ chain, store }: Opened, miner: BranchMiner): Promise<void> {
  expect(chain.tip?.hash).toBe(miner.tip.hash);
  expect(chain.tip?.weight).toBe(miner.tip.weight);
  const texts = await store.blockRange(0, 1e6);
  expect(texts).toEqual(miner.blocks.map(({ text }) => text));
  expect(
    findFault(
      texts.map((text): unknown => JSON.parse(text)),
      verifySignature,
    ),
  ).toBeUndefined();
}

describe('a branch of a chain of work', () => {
  const common = BranchMiner.begin().mineMany(3);
  const ours = common.mineMany(2, { bpm: 1 });
  const heavier = common.mineMany(3, { bpm: 2 });

  it('is taken in place of the last blocks where it is heavier, and everything is told in its order', async () => {
    const opened = await open(ours.blocks);
    expect(await opened.chain.adopt(behind(heavier, 3), details)).toEqual({ kind: 'adopted', removed: 2 });
    await expectChain(opened, heavier);
    expect(opened.heard).toMatchObject([
      {
        kind: 'reorganised',
        fork: 3,
        added: 3,
        removed: behind(ours, 3).map(({ block }) => ({ block, transactions: [] })),
      },
      ...behind(heavier, 3).map(({ block, text }) => ({ kind: 'committed', block, text })),
    ]);
    const more = heavier.mine();
    expect(await opened.chain.acceptAll(behind(more, 6), details)).toBeUndefined();
    await expectChain(opened, more);
  });

  it.each([
    ['as heavy', common.mineMany(2, { bpm: 2 }), { kind: 'lighter' }],
    ['lighter', common.mineMany(1, { bpm: 2 }), { kind: 'lighter' }],
  ])('is not taken where it is %s: the one known first stays', async (_, branch, expected) => {
    const opened = await open(ours.blocks);
    expect(await opened.chain.adopt(behind(branch, 3), details)).toEqual(expected);
    await expectChain(opened, ours);
    expect(opened.heard).toEqual([]);
  });

  it('is taken with fewer blocks where these weigh more', async () => {
    const light = BranchMiner.begin(64n).mineMany(20, { spanMs: 4000 });
    const heavy = BranchMiner.begin(64n).mineMany(12, { spanMs: 200 });
    expect(heavy.tip.weight).toBeGreaterThan(light.tip.weight);
    const opened = await open(light.blocks);
    expect(await opened.chain.adopt(heavy.behindGenesis, details)).toEqual({ kind: 'adopted', removed: 20 });
    await expectChain(opened, heavy);
  });

  it('that only goes on behind the last block is taken without any block falling out', async () => {
    const opened = await open(common.blocks);
    expect(await opened.chain.adopt(behind(heavier, 3), details)).toEqual({ kind: 'adopted', removed: 0 });
    await expectChain(opened, heavier);
    expect(opened.heard.map(({ kind }) => kind)).toEqual(['committed', 'committed', 'committed']);
  });

  it.each([
    ['nothing', []],
    ['blocks behind one that is not there', behind(heavier, 4)],
    ['blocks of another chain', behind(BranchMiner.begin(5n).mineMany(7), 3)],
    ['blocks far ahead', behind(heavier.mineMany(9), 12)],
    ['a genesis', heavier.blocks],
  ])('is not taken where it is %s', async (_, branch) => {
    const opened = await open(ours.blocks);
    expect(await opened.chain.adopt(branch, details)).toEqual({ kind: 'unlinked' });
    await expectChain(opened, ours);
  });

  it('is not taken where any block of it breaks a rule, which is named', async () => {
    const opened = await open(ours.blocks);
    const branch = behind(heavier, 3);
    const [first, second, third] = branch;
    if (first === undefined || second === undefined || third === undefined) throw new Error('too short');
    const forged = { ...third, text: third.text.replace('"BPM":2', '"BPM":3') };
    expect(await opened.chain.adopt([first, second, forged], details)).toMatchObject({
      kind: 'fault',
      fault: { index: 6, rule: 'hash' },
    });
    await expectChain(opened, ours);
  });

  it.each([0, 1, 50])(
    'is taken after a restart, when %i blocks are common and all must be read again',
    async (count) => {
      const start = BranchMiner.begin().mineMany(count);
      const before = await open(start.mineMany(2).blocks);
      const opened = await open([], before.store);
      const other = start.mineMany(3, { bpm: 7 });
      expect(await opened.chain.adopt(behind(other, count), details)).toEqual({ kind: 'adopted', removed: 2 });
      await expectChain(opened, other);
    },
  );

  it('that begins further back than the process remembers is taken all the same', async () => {
    const long = common.mineMany(limits.historyMax + 5);
    const opened = await open(long.blocks);
    const other = common.mineMany(limits.historyMax + 6, { bpm: 7 });
    expect(await opened.chain.adopt(behind(other, 3), details)).toMatchObject({ kind: 'adopted' });
    await expectChain(opened, other);
    const again = long.mineMany(2);
    expect(await opened.chain.adopt(behind(again, 3), details)).toMatchObject({ kind: 'adopted' });
    await expectChain(opened, again);
  });

  it('waits while the disk is full, and is then stored as a whole', async () => {
    let isFull = true;
    class FullStore extends MemoryStore {
      override async replace(rollback: Rollback, ...blocks: readonly AppendedBlock[]): Promise<void> {
        if (isFull) throw new DiskFullError('no room');
        await super.replace(rollback, ...blocks);
      }
    }
    const opened = await open(ours.blocks, new FullStore());
    const adopting = opened.chain.adopt(behind(heavier, 3), details);
    await opened.clock.pass(5000);
    await expectChain(opened, ours);
    expect(opened.heard.map(({ kind }) => kind)).toEqual(['disk-full']);
    isFull = false;
    await opened.clock.pass(2000);
    expect(await adopting).toMatchObject({ kind: 'adopted' });
    await expectChain(opened, heavier);
  });

  it('and a block that is accepted at the same time come one after the other', async () => {
    const opened = await open(ours.blocks);
    const next = behind(ours.mine(), 5);
    const [adoption, fault] = await Promise.all([
      opened.chain.adopt(behind(heavier, 3), details),
      opened.chain.acceptAll(next, details),
    ]);
    expect(adoption).toMatchObject({ kind: 'adopted' });
    expect(fault).toMatchObject({ rule: 'index' });
    await expectChain(opened, heavier);
  });
});

describe('a branch of a chain of work with a ledger', () => {
  const people: readonly Signer[] = ['a', 'b'].map((name) => signerOf(Buffer.from(hexOf(name), 'hex')));
  const [anna, ben] = people;
  if (anna === undefined || ben === undefined) throw new Error('nobody is there');
  const start = BranchMiner.begin(4n, {
    Reward: '50',
    MinFee: '0',
    Unbonding: 10,
    Accounts: [[anna.key, '1000', '0']],
  });
  const { chainId } = start.tip;
  const pay = (from: Signer, to: string, amount: number, nonce: number): Transaction =>
    signTransaction(
      chainId,
      { Kind: 'transfer', To: to, Amount: String(amount), Fee: '1', Nonce: nonce, Until: 100 },
      from,
    );

  const first = pay(anna, ben.key, 300, 0);
  const kept = pay(anna, hexOf('new one'), 10, 1);
  const lost = pay(ben, hexOf('another'), 20, 0);
  const common = start.mine({ transactions: [first] });
  const ours = common
    .mine({ validator: hexOf('our miner'), transactions: [kept, lost] })
    .mine({ validator: hexOf('our second miner') });
  const theirs = common
    .mine({ validator: hexOf('their miner') })
    .mine({ validator: hexOf('their miner') })
    .mine({ validator: hexOf('their miner'), transactions: [kept] });

  async function expectLedger({ chain, store }: Opened, miner: BranchMiner): Promise<void> {
    const last = miner.blocks.at(-1)?.block;
    if (last === undefined || !('Ledger' in last)) throw new Error('no ledger');
    expect(chain.state?.root.hash).toBe(last.Ledger?.StateRoot);
    expect(String(chain.state?.root.sum)).toBe(last.Ledger?.Supply);
    expect([...(chain.state?.accounts() ?? [])]).toEqual(await store.accounts());
  }

  it.each([
    ['at once', false],
    ['after a restart', true],
  ])('is taken %s with all its balances, and the supply is that of its rewards', async (_, isRestarted) => {
    const before = await open(ours.blocks);
    const opened = isRestarted ? await open([], before.store) : before;
    expect(opened.chain.state?.accountOf(hexOf('our miner'))?.balance).toBe(52n);
    expect(await opened.chain.adopt(behind(theirs, 1), details)).toEqual({ kind: 'adopted', removed: 2 });
    await expectChain(opened, theirs);
    await expectLedger(opened, theirs);
    expect(opened.chain.state?.root.sum).toBe(1000n + 4n * 50n);
    expect(opened.chain.state?.accountOf(hexOf('our miner'))).toBeUndefined();
    expect(opened.chain.state?.accountOf(hexOf('another'))).toBeUndefined();
    expect(await opened.store.blockOfTransaction(transactionId(chainId, first))).toBe(1);
    expect(await opened.store.blockOfTransaction(transactionId(chainId, kept))).toBe(4);
    expect(await opened.store.blockOfTransaction(transactionId(chainId, lost))).toBeUndefined();
    expect(opened.heard[0]).toMatchObject({
      kind: 'reorganised',
      removed: [{ transactions: [kept, lost] }, { transactions: [] }],
    });

    const again = ours.mineMany(3, { validator: ben.key });
    expect(await opened.chain.adopt(behind(again, 1), details)).toEqual({ kind: 'adopted', removed: 3 });
    await expectLedger(opened, again);
    const reopened = await open([], opened.store);
    await expectLedger(reopened, again);
  });

  it('is not taken where what lies beside a block is another thing, and nothing changes', async () => {
    const opened = await open(ours.blocks);
    const branch = behind(theirs, 1).map((stored) => ({ ...stored, signed: { Transactions: [] } }));
    expect(await opened.chain.adopt(branch, details)).toMatchObject({
      kind: 'fault',
      fault: { index: 4, rule: 'transactions' },
    });
    await expectChain(opened, ours);
    await expectLedger(opened, ours);
  });
});
