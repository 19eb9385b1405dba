import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { limits } from '../../../../src/consensus/work/search/limits.ts';
import type { NonceSearch, SearchTask } from '../../../../src/consensus/work/search/nonce-search.ts';
import { hexOf } from '../../../core/build-chain.ts';

/** No search ends by finding a nonce for this one. */
export const endless: SearchTask = { contentHash: hexOf('endless'), difficulty: 10n ** 76n };

/** Resolves when the search that is under way has tried so many nonces. */
export async function triedAtLeast(search: NonceSearch, count: number): Promise<void> {
  while (search.tried < count) await turn();
}

/** What everything promises that searches for nonces. */
export function describesANonceSearch(open: () => NonceSearch): void {
  it.each([1n, 2n, 100n, 5000n])('finds a nonce that holds at the difficulty %i, and its hash', async (difficulty) => {
    const search = open();
    for (const content of ['a', 'b', 'c'].map(hexOf)) {
      const end = await search.search({ contentHash: content, difficulty });
      if (end.kind !== 'found') throw new Error(`it was ${end.kind}`);
      const hash = createHash('sha256').update(`["sortition/2/work","${content}",${end.nonce}]`).digest('hex');
      expect(end.hash).toBe(hash);
      expect(BigInt(`0x${hash}`) * difficulty).toBeLessThan(2n ** 256n);
    }
  });

  it('begins with the first nonce that it is told, and counts those that it has tried', async () => {
    const search = open();
    const firstNonce = 10 ** 12;
    const end = await search.search({ contentHash: hexOf('first'), difficulty: 3000n, firstNonce });
    if (end.kind !== 'found') throw new Error(`it was ${end.kind}`);
    expect(end.nonce).toBeGreaterThanOrEqual(firstNonce);
    expect(search.tried).toBeGreaterThan(end.nonce - firstNonce);
  });

  it('is exhausted behind the largest nonce', async () => {
    expect(await open().search({ ...endless, firstNonce: limits.nonceMax - 5000 })).toEqual({ kind: 'exhausted' });
    expect(await open().search({ ...endless, firstNonce: limits.nonceMax + 1 })).toEqual({ kind: 'exhausted' });
    const last = await open().search({ ...endless, difficulty: 1n, firstNonce: limits.nonceMax });
    expect(last).toMatchObject({ kind: 'found', nonce: limits.nonceMax });
  });

  it('ends when it is stopped, and begins the next search at once', async () => {
    const search = open();
    for (let time = 0; time < 3; time++) {
      const stopped = search.search(endless);
      await triedAtLeast(search, 10_000);
      search.stop();
      const next = search.search({ contentHash: hexOf(time), difficulty: 500n });
      expect(await stopped).toEqual({ kind: 'stopped' });
      expect((await next).kind).toBe('found');
    }
  });

  it('is stopped before it has tried anything', async () => {
    const search = open();
    const stopped = search.search({ ...endless, difficulty: 1n });
    search.stop();
    expect(await stopped).toEqual({ kind: 'stopped' });
  });

  it('does not mind being stopped when there is nothing to stop', async () => {
    const search = open();
    search.stop();
    expect((await search.search({ contentHash: hexOf('d'), difficulty: 10n })).kind).toBe('found');
    search.stop();
    expect((await search.search({ contentHash: hexOf('e'), difficulty: 10n })).kind).toBe('found');
  });

  it('does one search at a time', async () => {
    const search = open();
    const first = search.search(endless);
    await expect(search.search(endless)).rejects.toThrow('another search is under way');
    search.stop();
    expect(await first).toEqual({ kind: 'stopped' });
  });
}
