import { describe, expect, it } from 'vitest';
import { BlockSearch } from '../../../src/consensus/work/block-search.ts';
import { leadingZeroBits, meets } from '../../../src/consensus/work/difficulty.ts';
import { limits } from '../../../src/consensus/work/limits.ts';
import { InProcessSearch } from '../../../src/consensus/work/search/in-process-search.ts';
import { workHash } from '../../../src/core/block-hash.ts';
import { buildChain, hexOf } from '../../core/build-chain.ts';
import { SimulatedClock } from '../../sim/simulated-clock.ts';
import { ManualNonces } from './manual-nonces.ts';
import { tipOf, workGenesis } from './work-chain.ts';

const candidate = { validator: hexOf('validator'), payload: 72 };

function open(difficulty: bigint): {
  readonly clock: SimulatedClock;
  readonly nonces: ManualNonces;
  readonly search: BlockSearch;
  readonly find: () => ReturnType<BlockSearch['find']>;
} {
  const clock = new SimulatedClock();
  const nonces = new ManualNonces();
  const search = new BlockSearch({ clock, nonces });
  return { clock, nonces, search, find: () => search.find(tipOf([workGenesis(difficulty)]), candidate) };
}

/** The first nonce of which a block holds, or not. */
function nonceThat(holds: boolean, contentHash: string, difficulty: bigint): number {
  for (let nonce = 0; ; nonce++) if (meets(workHash(contentHash, nonce), difficulty) === holds) return nonce;
}

describe('the search for a block', () => {
  it('makes blocks that hold, with the difficulty that the chain asks for', async () => {
    const clock = new SimulatedClock();
    const search = new BlockSearch({ clock, nonces: new InProcessSearch(clock) });
    const genesis = workGenesis(50n);
    const chain = [genesis, await search.find(tipOf([genesis]), candidate)];
    for (let index = 2; index <= 20; index++) {
      // Longer and shorter than the interval, so that the difficulty changes.
      await clock.pass(index % 3 === 0 ? 30_000 : 2000);
      const blocks = chain.filter((block) => block !== undefined);
      expect(blocks).toHaveLength(index);
      chain.push(await search.find(tipOf(blocks), { ...candidate, payload: index }));
    }
    const blocks = chain.filter((block) => block !== undefined);
    expect(tipOf(blocks).index).toBe(20);
    expect(blocks.at(-1)).toMatchObject({ Index: 20, BPM: 20, Validator: candidate.validator });
  });

  it('takes a new Timestamp now and then, and counts on', async () => {
    const { clock, nonces, search, find } = open(1000n);
    const found = find();
    nonces.tried = 300;
    await clock.pass(limits.timestampAgeMaxMs - 1);
    expect(nonces.tasks).toHaveLength(1);
    await clock.pass(1);
    expect(nonces.tasks).toHaveLength(2);
    expect(nonces.tasks[0]?.contentHash).not.toBe(nonces.task.contentHash);
    nonces.tried = 50;
    expect(search.progress).toEqual({ index: 1, difficulty: 1000n, tried: 350, elapsedMs: limits.timestampAgeMaxMs });
    nonces.end({ kind: 'found', nonce: 7, hash: workHash(nonces.task.contentHash, 7) });
    expect(await found).toMatchObject({
      Timestamp: '2026-01-01T00:00:01.000Z',
      Work: { Difficulty: '1000', Nonce: 7 },
    });
    expect(search.progress).toBeUndefined();
  });

  it('goes on with a new Timestamp when no nonce is left', async () => {
    const { nonces, find } = open(1000n);
    const found = find();
    nonces.end({ kind: 'exhausted' });
    await expect.poll(() => nonces.tasks.length).toBe(2);
    nonces.end({ kind: 'found', nonce: 1, hash: workHash(nonces.task.contentHash, 1) });
    expect(await found).toMatchObject({ Work: { Nonce: 1 } });
  });

  it('never goes back in time behind the block before', async () => {
    const { clock, nonces, find } = open(1000n);
    clock.jumpWall(-60_000);
    const found = find();
    nonces.end({ kind: 'found', nonce: 3, hash: workHash(nonces.task.contentHash, 3) });
    expect(await found).toMatchObject({ Timestamp: '2026-01-01T00:00:00.000Z' });
  });

  it('ends without a block when it is interrupted', async () => {
    const { nonces, search, find } = open(1000n);
    const found = find();
    search.interrupt();
    expect(await found).toBeUndefined();
    expect(nonces.isSearching).toBe(false);
    search.interrupt();
  });

  it('ends without a block when it is interrupted in the moment at which a nonce is found', async () => {
    const { nonces, search, find } = open(1000n);
    const found = find();
    nonces.end({ kind: 'found', nonce: 3, hash: workHash(nonces.task.contentHash, 3) });
    search.interrupt();
    expect(await found).toBeUndefined();
  });

  it('is for chains of work', async () => {
    const { search } = open(1n);
    await expect(search.find(tipOf(buildChain([], 2)), candidate)).rejects.toThrow('only a chain of work');
  });
});

describe('a nonce that is tried by hand', () => {
  it('needs a search', async () => {
    const { search, find } = open(1000n);
    expect(search.tryNonce(1)).toEqual({ kind: 'no search' });
    const found = find();
    search.interrupt();
    expect(search.tryNonce(1)).toEqual({ kind: 'no search' });
    await found;
  });

  it('shows the hash, and changes nothing when that is too large', () => {
    const { nonces, search, find } = open(1000n);
    void find();
    const { contentHash } = nonces.task;
    const nonce = nonceThat(false, contentHash, 1000n);
    const hash = workHash(contentHash, nonce);
    const zeroBits = leadingZeroBits(hash);
    const tried = { kind: 'tried', index: 1, difficulty: 1000n, hash, zeroBits, holds: false };
    expect(search.tryNonce(nonce)).toEqual(tried);
    expect(nonces.tasks).toHaveLength(1);
    expect(nonces.isSearching).toBe(true);
  });

  it('ends the search when the block holds with it', async () => {
    const { nonces, search, find } = open(20n);
    const found = find();
    const { contentHash } = nonces.task;
    const nonce = nonceThat(true, contentHash, 20n);
    expect(search.tryNonce(nonce)).toMatchObject({ hash: workHash(contentHash, nonce), holds: true });
    // The first one counts.
    search.tryNonce(nonce + 1);
    expect(await found).toMatchObject({ Hash: workHash(contentHash, nonce), Work: { Nonce: nonce } });
  });
});

describe('a nonce that was found outside', () => {
  it('makes a block of the content that it was searched for, also when the Timestamp was renewed since', async () => {
    const { clock, nonces, search, find } = open(20n);
    const found = find();
    const content = search.content;
    expect(content).toEqual({ index: 1, contentHash: nonces.task.contentHash, difficulty: 20n });
    const contentHash = content?.contentHash ?? '';
    await clock.pass(5 * limits.timestampAgeMaxMs);
    expect(search.content?.contentHash).not.toBe(contentHash);
    const nonce = nonceThat(true, contentHash, 20n);
    const hash = workHash(contentHash, nonce);
    expect(search.submitNonce(contentHash, nonce)).toMatchObject({ kind: 'tried', index: 1, hash, holds: true });
    // The first one counts.
    expect(search.submitNonce(contentHash, nonce)).toEqual({ kind: 'stale' });
    expect(await found).toMatchObject({ Hash: hash, Timestamp: '2026-01-01T00:00:00.000Z', Work: { Nonce: nonce } });
    expect(search.content).toBeUndefined();
  });

  it('changes nothing when the hash is too large', () => {
    const { nonces, search, find } = open(1000n);
    void find();
    const { contentHash } = nonces.task;
    const nonce = nonceThat(false, contentHash, 1000n);
    expect(search.submitNonce(contentHash, nonce)).toMatchObject({ kind: 'tried', holds: false });
    expect(nonces.isSearching).toBe(true);
  });

  it('is taken for so many of the last contents, and for no older one', async () => {
    const { clock, nonces, search, find } = open(1n);
    void find();
    await clock.pass((limits.contentsKeptMax - 1) * limits.timestampAgeMaxMs);
    expect(nonces.tasks).toHaveLength(limits.contentsKeptMax);
    const [oldest, second] = nonces.tasks.map(({ contentHash }) => contentHash);
    await clock.pass(limits.timestampAgeMaxMs);
    expect(search.submitNonce(oldest ?? '', 1)).toEqual({ kind: 'stale' });
    expect(search.submitNonce(hexOf('another'), 1)).toEqual({ kind: 'stale' });
    expect(search.submitNonce(second ?? '', 1)).toMatchObject({ holds: true });
  });

  it('needs a search, and is of no use for the one before', async () => {
    const { nonces, search, find } = open(1n);
    expect(search.submitNonce(hexOf('any'), 1)).toEqual({ kind: 'no search' });
    const found = find();
    const { contentHash } = nonces.task;
    search.interrupt();
    expect(search.content).toBeUndefined();
    expect(search.submitNonce(contentHash, 1)).toEqual({ kind: 'no search' });
    await found;
    void search.find(tipOf([workGenesis(1n)]), { ...candidate, payload: 73 });
    expect(search.submitNonce(contentHash, 1)).toEqual({ kind: 'stale' });
  });
});
