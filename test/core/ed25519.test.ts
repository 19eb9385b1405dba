import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSignature, type VerifySignature } from '../../src/core/keys.ts';
import { verifySignature as inBrowser } from '../../src/core/portable-ed25519.ts';
import { nativeVerifier, signerOf } from '../../src/platform/ed25519.ts';
import { cases, effort } from '../effort.ts';
import { sharedFolder, sharedWord } from '../shared.ts';
import { type Ed25519Case, readOwnVectors, readSharedVectors, readSigningVectors } from './ed25519-vectors.ts';

const implementations: readonly (readonly [string, VerifySignature])[] = [
  ['on the server', nativeVerifier()],
  ['in the browser', inBrowser],
];

/** The cases whose verdict is another one than the rule's; a signature must have its form before it is looked at. */
function findDisagreements(verify: VerifySignature, vectors: readonly Ed25519Case[]): readonly string[] {
  return vectors
    .filter(({ key, message, signature, holds }) => {
      const verdict = isSignature(signature) && verify(key, Buffer.from(message, 'hex'), signature);
      return verdict !== holds;
    })
    .map(({ source }) => source);
}

/** Every tenth of each collection and verdict, and the first of each. */
function someOf(vectors: readonly Ed25519Case[]): readonly Ed25519Case[] {
  const seen = new Map<string, number>();
  return vectors.filter(({ source, holds }) => {
    const kind = `${source.split(' ')[0]} ${holds}`;
    const count = seen.get(kind) ?? 0;
    seen.set(kind, count + 1);
    return count % 10 === 0;
  });
}

describe.each(implementations)('the rule of a signature %s', (_, verify) => {
  it('is that of the vectors kept here, which are of every kind', () => {
    const vectors = readOwnVectors();
    expect(vectors.length).toBeGreaterThan(50);
    expect(findDisagreements(verify, vectors)).toEqual([]);
  });

  it.skipIf(sharedFolder === undefined)(
    `${sharedWord}is that of ${effort > 1 ? 'all' : 'some of the'} 2,297 public vectors`,
    () => {
      const vectors = readSharedVectors();
      expect(vectors).toHaveLength(2297);
      expect(findDisagreements(verify, effort > 1 ? vectors : someOf(vectors))).toEqual([]);
    },
  );

  it('holds what a signer signed, and nothing with a bit turned', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.string(), fc.nat(511), (seed, text, bit) => {
        const signer = signerOf(seed);
        const signature = signer.sign(text);
        expect(verify(signer.key, text, signature)).toBe(true);
        const turned = Buffer.from(signature, 'hex');
        turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(verify(signer.key, text, turned.toString('hex'))).toBe(false);
        expect(verify(signer.key, `${text} `, signature)).toBe(false);
      }),
      { numRuns: cases(25) },
    );
  });

  it('holds nothing under a key that is no point of the curve', () => {
    const { sign } = signerOf(Buffer.alloc(32, 7));
    for (const key of ['02'.padEnd(64, '0'), 'ff'.repeat(32), '00'.repeat(32)]) {
      expect(verify(key, 'text', sign('text'))).toBe(false);
    }
  });
});

describe('a signer', () => {
  it.skipIf(sharedFolder === undefined)(
    `${sharedWord}makes the keys and signatures of ${effort > 1 ? '1,024' : '100'} public vectors`,
    () => {
      const vectors = readSigningVectors();
      expect(vectors).toHaveLength(1024);
      for (const { seed, key, message, signature } of effort > 1 ? vectors : vectors.slice(0, 100)) {
        const signer = signerOf(Buffer.from(seed, 'hex'));
        expect(signer.key).toBe(key);
        expect(signer.sign(Buffer.from(message, 'hex'))).toBe(signature);
      }
    },
  );
});
