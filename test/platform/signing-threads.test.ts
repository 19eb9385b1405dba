import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { signerOf } from '../../src/platform/ed25519.ts';
import { groupSignerOf } from '../../src/platform/group-signer.ts';
import { limits } from '../../src/platform/limits.ts';
import { SigningThreads, startSigning } from '../../src/platform/signing-threads.ts';

const seed = new Uint8Array(32).fill(7);
const signer = signerOf(seed);

function textsOf(count: number): readonly string[] {
  return Array.from({ length: count }, (_, place) => `block ${place}`);
}

describe('signing in threads', () => {
  it('gives the signatures of all texts in their order, however many groups are on their way', async () => {
    const threads = new SigningThreads(seed);
    const texts = textsOf(2 * limits.signingThreadsMax + 1);
    const signed = await Promise.all(texts.map((text) => threads.sign([text, `${text} again`])));
    expect(signed).toEqual(texts.map((text) => [signer.sign(text), signer.sign(`${text} again`)]));
  });

  it('rejects what a thread was to sign that died, and has the next group signed by another', async () => {
    let started = 0;
    const threads = new SigningThreads(seed, (data) => {
      started += 1;
      return started === 1 ? new Worker('throw new Error("no memory")', { eval: true }) : startSigning(data);
    });
    await expect(threads.sign(['lost'])).rejects.toThrow('a signing thread died: no memory');
    for (const text of textsOf(limits.signingThreadsMax)) {
      expect(await threads.sign([text])).toEqual([signer.sign(text)]);
    }
  });
});

describe('a signer of groups', () => {
  it.each([0, 1, limits.signedAtOnceMax, limits.signedAtOnceMax + 1])(
    'signs %i texts as it signs each alone',
    async (count) => {
      const group = groupSignerOf(seed);
      expect(group.key).toBe(signer.key);
      expect(await group.signAll(textsOf(count))).toEqual(textsOf(count).map(signer.sign));
    },
  );
});
