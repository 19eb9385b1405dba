import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOfLink, hashOfWritten, isHash, taggedHash } from '../../src/core/hash.ts';

describe('a tagged hash', () => {
  it('is the SHA-256 of the JSON text that the specification gives', () => {
    const text = '["sortition/2/leaf","aa","250",65]';
    expect(taggedHash('leaf', 'aa', '250', 65)).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('differs for another tag, another part, and another cut between parts', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (first, second) => {
        const hash = taggedHash('leaf', first, second);
        expect(taggedHash('node', first, second)).not.toBe(hash);
        expect(taggedHash('leaf', first + second)).not.toBe(hash);
        expect(taggedHash('leaf', first + second, '')).not.toBe(hash);
      }),
    );
  });
});

describe('a hash of parts that are written as JSON already', () => {
  it('is the tagged hash of the same parts', () => {
    const digits = fc.oneof(
      fc.bigInt({ min: 0n }).map(String),
      fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('hex')),
    );
    fc.assert(
      fc.property(fc.array(digits, { minLength: 1 }), (parts) => {
        expect(hashOfWritten('node', `"${parts.join('","')}"`)).toBe(taggedHash('node', ...parts));
      }),
    );
  });
});

describe('a hash of a link', () => {
  it('is the tagged hash of its salt, its index and the link behind it', () => {
    const digits = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex'));
    fc.assert(
      fc.property(digits, fc.maxSafeNat(), digits, (salt, index, link) => {
        expect(hashOfLink(salt, index, link)).toBe(taggedHash('link', salt, index, link));
      }),
    );
  });
});

describe('the form of a hash', () => {
  it('is 64 lower-case hex digits and nothing else', () => {
    const hash = taggedHash('seed', 'x');
    expect(isHash(hash)).toBe(true);
    for (const other of [
      hash.slice(1),
      `${hash}0`,
      hash.toUpperCase(),
      `g${hash.slice(1)}`,
      `${hash}\n`,
      '',
      64,
      null,
    ]) {
      expect(isHash(other)).toBe(false);
    }
  });
});
