import { describe, expect, it } from 'vitest';
import type { StoredBlock } from '../../src/consensus/engine.ts';
import { type Block, isGenesis } from '../../src/core/block.ts';
import { Chain } from '../../src/node/chain.ts';
import { checkpointText, parseCheckpoint } from '../../src/node/checkpoint.ts';
import { limits } from '../../src/node/limits.ts';
import { DamageError, type NodeEvent } from '../../src/node/ports.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { buildChain, candidatesWith, hexOf, storedBlock, verifySignature } from '../core/build-chain.ts';
import { SimulatedClock } from '../sim/simulated-clock.ts';
import { BranchMiner } from './branch-miner.ts';

const details = (): { receipts: { size: number; of: () => undefined } } => ({
  receipts: { size: 0, of: () => undefined },
});

const pool = candidatesWith([1n]);
const drawn = storedBlocks(
  buildChain(
    Array.from({ length: 6 }, () => pool),
    3,
  ),
);
const mined = BranchMiner.begin().mineMany(40);

function storedBlocks(blocks: readonly Block[]): readonly StoredBlock[] {
  return blocks.map((block) => storedBlock(block, isGenesis(block) ? [] : pool));
}

interface Opened {
  readonly chain: Chain;
  /** The indexes of the blocks that were told at the start. */
  readonly loaded: readonly number[];
}

async function open(
  store: MemoryStore,
  verifiesAll = false,
  blocksPerCheckpoint: number | undefined = 4,
): Promise<Opened> {
  const loaded: number[] = [];
  const onEvent = (event: NodeEvent): void => {
    if (event.kind === 'loaded') loaded.push(event.block.Index);
  };
  const bound = blocksPerCheckpoint === undefined ? {} : { blocksPerCheckpoint };
  const ports = { clock: new SimulatedClock(), verifySignature, store, listener: { onEvent }, verifiesAll, ...bound };
  return { chain: await Chain.open(ports), loaded: [...loaded] };
}

/** A store in which a server has made a chain of these blocks, and stopped. */
async function stored(blocks: readonly StoredBlock[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  const { chain } = await open(store);
  for (const [index, block] of blocks.entries()) {
    if (index === 0) await chain.found(block);
    else expect(await chain.accept(block, details)).toBeUndefined();
  }
  return store;
}

/** The same blocks and records, but for one block, whose BPM is another one. */
async function tampered(blocks: readonly StoredBlock[], index: number): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const [place, block] of blocks.entries())
    await store.append(place === index ? { ...block, text: block.text.replace(/"BPM":\d+/, '"BPM":99') } : block);
  for (const [name, text] of await (await stored(blocks)).records('checkpoint'))
    store.saveRecord('checkpoint', name, text);
  return store;
}

describe('the checkpoint of a store', () => {
  it.each([
    ['drawn', drawn, 4],
    ['mined', mined.blocks, 40],
  ])('leads to the very tip that verifying all blocks does: a chain that was %s', async (_, blocks, index) => {
    const store = await stored(blocks);
    const known = await open(store);
    const all = await open(store, true);
    expect([all.chain.takenAtWord, known.chain.takenAtWord]).toEqual([undefined, index]);
    expect(known.chain.tip).toEqual(all.chain.tip);
    expect(known.loaded).toEqual(blocks.map((__, place) => place));
    expect(known.loaded).toEqual(all.loaded);
  });

  it('lets the chain go on behind it', async () => {
    const { chain } = await open(await stored(drawn.slice(0, 5)));
    expect(chain.takenAtWord).toBe(4);
    for (const block of drawn.slice(5)) expect(await chain.accept(block, details)).toBeUndefined();
    expect(chain.height).toBe(6);
  });

  it('is written as often as it is asked for, and no sooner', async () => {
    expect(await (await stored(drawn.slice(0, 4))).records('checkpoint')).toEqual([]);
    expect(await (await stored(drawn.slice(0, 5))).records('checkpoint')).toHaveLength(1);
  });

  it('is trusted for the blocks before it, which are verified when all are to be', async () => {
    const store = await tampered(mined.blocks, 3);
    store.saveRecord('checkpoint', 'chain', checkpointText(mined.tip));
    // The newest blocks are read, and their hashes are looked at.
    await expect(open(store)).rejects.toThrow('block 3 of the stored chain breaks the rule "hash"');
    const long = await tampered(drawnLong, 3);
    long.saveRecord('checkpoint', 'chain', checkpointOf(drawnLong));
    expect((await open(long)).chain.takenAtWord).toBe(drawnLong.length - 1);
    await expect(open(long, true)).rejects.toThrow(DamageError);
  });

  it('leaves the blocks behind it to be verified', async () => {
    await expect(open(await tampered(drawn, 5))).rejects.toThrow('block 5 of the stored chain breaks the rule "hash"');
  });

  it.each([
    ['damaged', (text: string) => text.replace('"Weight":"4"', '"Weight":"5"')],
    ['no JSON', () => '{'],
    ['of another chain', () => checkpointText({ index: 4, hash: hexOf('other'), weight: 4n })],
    ['of a block that is not there', () => checkpointText({ index: 7, hash: hexOf('other'), weight: 7n })],
  ])('is none where it is %s: all blocks are verified, and a new one is written', async (_, change) => {
    const store = await stored(drawn);
    const [[, text = ''] = []] = await store.records('checkpoint');
    store.saveRecord('checkpoint', 'chain', change(text));
    const { chain } = await open(store);
    expect([chain.takenAtWord, chain.height]).toEqual([undefined, 6]);
    expect((await open(store)).chain.takenAtWord).toBe(6);
  });

  it('goes back with the chain where its block falls out', async () => {
    const common = BranchMiner.begin().mineMany(3);
    const [lighter, heavier] = [common.mineMany(2, { bpm: 1 }), common.mineMany(3, { bpm: 2 })];
    const store = await stored(lighter.blocks);
    const { chain } = await open(store);
    expect(chain.takenAtWord).toBe(4);
    expect(await chain.adopt(heavier.blocks.slice(4), details)).toEqual({ kind: 'adopted', removed: 2 });
    const again = await open(store);
    expect([again.chain.takenAtWord, again.chain.tip?.hash]).toEqual([3, heavier.tip.hash]);
    expect(again.chain.tip?.weight).toBe(heavier.tip.weight);
  });

  it('tells the genesis and the newest blocks alone of a long chain', async () => {
    const store = new MemoryStore();
    await store.append(...drawnLong);
    store.saveRecord('checkpoint', 'chain', checkpointOf(drawnLong));
    const { chain, loaded } = await open(store, false, undefined);
    expect(chain.tip).toEqual((await open(store, true)).chain.tip);
    expect([loaded[0], loaded[1], loaded.at(-1), loaded.length]).toEqual([0, 6, 1005, 1 + limits.loadedBlocksMax]);
  });

  it('is read only as it was written, to the last sign', () => {
    const checkpoint = { index: 3, hash: hexOf('a block'), weight: 2n ** 100n };
    const text = checkpointText(checkpoint);
    expect(parseCheckpoint(text)).toEqual(checkpoint);
    for (const wrong of [`${text} `, text.replace('"Index":3', '"Index":4'), '[]', 'null', '{}', '']) {
      expect(parseCheckpoint(wrong)).toBeUndefined();
    }
  });
});

const drawnLong = storedBlocks(
  buildChain(
    Array.from({ length: 1005 }, () => pool),
    2000,
  ),
);

function checkpointOf(blocks: readonly StoredBlock[]): string {
  const last = blocks.at(-1)?.block;
  return checkpointText({ index: last?.Index ?? 0, hash: last?.Hash ?? '', weight: BigInt(last?.Index ?? 0) });
}
