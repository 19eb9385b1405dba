import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { limits as workLimits } from '../../src/consensus/work/search/limits.ts';
import { limits } from '../../src/platform/limits.ts';
import { defaultThreads, MiningThreads, startThread } from '../../src/platform/mining-threads.ts';
import { describesANonceSearch, endless, triedAtLeast } from '../consensus/work/search/nonce-search-contract.ts';
import { hexOf } from '../core/build-chain.ts';

const opened: MiningThreads[] = [];

interface Opened {
  readonly search: MiningThreads;
  /** Why threads died. */
  readonly deaths: readonly string[];
  /** How many threads were started. */
  readonly started: () => number;
}

/** The first `dying` of the threads that are started die when they have something to do. */
function open(threads: number, dying = 0): Opened {
  const deaths: string[] = [];
  let started = 0;
  const search = new MiningThreads({
    threads,
    died: ({ message }) => deaths.push(message),
    start: () => {
      started += 1;
      return started <= dying ? new Worker(dyingScript, { eval: true }) : startThread();
    },
  });
  opened.push(search);
  return { search, deaths, started: () => started };
}

/** Takes a range of nonces and dies. */
const dyingScript = `
  const { parentPort } = require('node:worker_threads');
  import(${JSON.stringify(new URL('../../dist/platform/search-memory.js', import.meta.url))}).then(({ SearchMemory }) => {
    parentPort.on('message', ({ memory, thread }) => {
      new SearchMemory(memory).takeRange(thread);
      throw new Error('no more memory');
    });
  });`;

afterEach(async () => {
  await Promise.all(opened.splice(0).map((search) => search.close()));
});

describe('a search in threads', () => {
  describesANonceSearch(() => open(2).search);

  it('starts its threads with the first search, and keeps them for the next', async () => {
    const { search, started } = open(2);
    expect(started()).toBe(0);
    for (const content of ['one', 'two'].map(hexOf)) await search.search({ contentHash: content, difficulty: 10n });
    expect(started()).toBe(2);
  });

  it('needs a thread, and has one on every machine', () => {
    expect(() => open(0)).toThrow(RangeError);
    expect(defaultThreads()).toBeGreaterThanOrEqual(1);
  });

  it('counts no nonce any more once it was stopped', async () => {
    const { search } = open(2);
    const stopped = search.search(endless);
    await triedAtLeast(search, 10_000);
    search.stop();
    await stopped;
    const { tried } = search;
    await turn();
    expect(search.tried).toBe(tried);
  });

  it('gives the nonces of a thread that dies to the one that takes its place, and reports the death', async () => {
    const { search, deaths } = open(1, limits.miningRestartsMax);
    // All nonces that are left are in the range that the thread has taken when it dies.
    const firstNonce = workLimits.nonceMax - 500;
    const end = await search.search({ contentHash: hexOf('death'), difficulty: 20n, firstNonce });
    expect(end.kind).toBe('found');
    expect(deaths).toEqual(Array(limits.miningRestartsMax).fill('a mining thread died: no more memory'));
  });

  it('goes on with the others when one dies', async () => {
    const { search, deaths } = open(2, 1);
    expect((await search.search({ contentHash: hexOf('other'), difficulty: 100_000n })).kind).toBe('found');
    await expect.poll(() => deaths.length).toBe(1);
  });

  it('gives up when threads die again and again', async () => {
    const { search, deaths } = open(1, limits.miningRestartsMax + 1);
    await expect(search.search(endless)).rejects.toThrow('a mining thread died: no more memory');
    expect(deaths).toHaveLength(limits.miningRestartsMax + 1);
    // Those that are started from now on live.
    expect((await search.search({ contentHash: hexOf('after'), difficulty: 10n })).kind).toBe('found');
  });

  it('searches again after it was closed', async () => {
    const { search } = open(1);
    const stopped = search.search(endless);
    await search.close();
    expect(await stopped).toEqual({ kind: 'stopped' });
    expect((await search.search({ contentHash: hexOf('again'), difficulty: 10n })).kind).toBe('found');
  });
});
