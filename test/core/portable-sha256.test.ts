import { hash as hashOfNode } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hash } from '../../src/core/portable-sha256.ts';
import { anyText } from '../any-text.ts';

describe('the SHA-256 of the browser', () => {
  it('gives the digests of FIPS 180-4', () => {
    expect(hash('sha256', 'abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hash('sha256', '')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(hash('sha256', 'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq')).toBe(
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    );
  });

  it('gives the same as node:crypto for every text', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 300 }), (text) => {
        expect(hash('sha256', text)).toBe(hashOfNode('sha256', text));
      }),
    );
  });

  it('gives the same at every length around the ends of its blocks', () => {
    for (let length = 0; length <= 200; length++) {
      const text = 'x'.repeat(length);
      expect(hash('sha256', text)).toBe(hashOfNode('sha256', text));
    }
  });
});
