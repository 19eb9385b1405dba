import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { targetOf } from '../../../../src/consensus/work/difficulty.ts';
import { limits } from '../../../../src/consensus/work/search/limits.ts';
import { NonceFinder } from '../../../../src/consensus/work/search/nonce-finder.ts';
import { hexOf } from '../../../core/build-chain.ts';

const contents = fc.integer().map(hexOf);
const everyHash = 2n ** 256n - 1n;

/** The hash as the specification words it, with nothing of ours. */
function hashByTheBook(content: string, nonce: number): string {
  return createHash('sha256').update(`["sortition/2/work","${content}",${nonce}]`).digest('hex');
}

/** Nonces around each power of ten, at which the text gets one byte longer, and at both ends. */
const boundaries = Array.from({ length: 16 }, (_, digits) => 10 ** digits)
  .flatMap((power) => [power - 1, power])
  .concat(limits.nonceMax - 1, limits.nonceMax);

describe('the hash of a work block', () => {
  it('is that of the specification for any nonce', () => {
    fc.assert(
      fc.property(contents, fc.maxSafeNat(), (content, nonce) => {
        expect(new NonceFinder(content, everyHash).find(nonce, 1)).toEqual({
          nonce,
          hash: hashByTheBook(content, nonce),
        });
      }),
    );
  });

  it.each(boundaries)('is that of the specification at the boundary %i', (nonce) => {
    expect(new NonceFinder(hexOf('a'), everyHash).find(nonce, 1)).toEqual({
      nonce,
      hash: hashByTheBook(hexOf('a'), nonce),
    });
  });

  it('is that of the specification also where a range comes to one more digit', () => {
    for (const power of [10, 1000, 10 ** 15]) {
      for (let last = power - 3; last <= power + 12; last++) {
        // Only the last nonce of the range has a hash that is small enough, or one before it that is smaller still.
        const hash = hashByTheBook(hexOf('b'), last);
        const found = new NonceFinder(hexOf('b'), BigInt(`0x${hash}`)).find(power - 3, last - power + 4);
        expect(found?.hash).toBe(hashByTheBook(hexOf('b'), found?.nonce ?? -1));
        expect(found?.nonce).toBeLessThanOrEqual(last);
      }
    }
  });
});

describe('a range of nonces', () => {
  it('gives the first one whose hash times the difficulty is below 2^256', () => {
    fc.assert(
      fc.property(
        contents,
        fc.integer({ min: 0, max: 2000 }),
        fc.bigInt({ min: 1n, max: 40n }),
        (content, first, difficulty) => {
          const count = 64;
          const expected = Array.from({ length: count }, (_, place) => first + place).find(
            (nonce) => BigInt(`0x${hashByTheBook(content, nonce)}`) * difficulty < 2n ** 256n,
          );
          expect(new NonceFinder(content, targetOf(difficulty)).find(first, count)?.nonce).toBe(expected);
        },
      ),
    );
  });

  it('holds up to the target and not one above it', () => {
    fc.assert(
      fc.property(contents, fc.maxSafeNat(), (content, nonce) => {
        const hash = BigInt(`0x${hashByTheBook(content, nonce)}`);
        expect(new NonceFinder(content, hash).find(nonce, 1)?.nonce).toBe(nonce);
        expect(new NonceFinder(content, hash - 1n).find(nonce, 1)).toBeUndefined();
      }),
    );
  });

  it('ends at the largest nonce', () => {
    expect(new NonceFinder(hexOf('c'), 0n).find(limits.nonceMax - 2, limits.noncesPerRange)).toBeUndefined();
    expect(new NonceFinder(hexOf('c'), everyHash).find(limits.nonceMax, 1)?.nonce).toBe(limits.nonceMax);
    expect(new NonceFinder(hexOf('c'), everyHash).find(limits.nonceMax + 1, 1)).toBeUndefined();
  });
});
