import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { HashChain, isLastLink, previousLink } from '../../src/core/hash-chain.ts';
import { hexOf } from './build-chain.ts';

const salt = hexOf('salt');

describe('a chain of secrets', () => {
  it('hashes back link by link to its commitment', () => {
    const links = runToEnd(HashChain.make(salt, 0, 10, hexOf('last')));
    for (let index = 1; index <= 10; index++)
      expect(previousLink(salt, index, links.at(index))).toBe(links.at(index - 1));
    expect(links.commitment).toBe(links.at(0));
    expect(links.at(10)).toBe(hexOf('last'));
  });

  it('is followed by another one that counts on', () => {
    const links = runToEnd(HashChain.make(salt, 2, 5, hexOf('last')));
    expect([links.first, links.last]).toEqual([10, 15]);
    expect(previousLink(salt, 15, links.at(15))).toBe(links.at(14));
  });

  it('knows its own links only', () => {
    const links = runToEnd(HashChain.make(salt, 1, 5, hexOf('last')));
    expect(() => links.at(4)).toThrow(RangeError);
    expect(() => links.at(11)).toThrow(RangeError);
    expect(links.at(5)).toBe(links.commitment);
    expect(links.at(10)).toBe(hexOf('last'));
  });

  it('depends on salt, number and last link', () => {
    const commitments = [
      HashChain.make(salt, 0, 5, hexOf('last')),
      HashChain.make(hexOf('other salt'), 0, 5, hexOf('last')),
      HashChain.make(salt, 1, 5, hexOf('last')),
      HashChain.make(salt, 0, 5, hexOf('other last')),
    ].map((steps) => runToEnd(steps).commitment);
    expect(new Set(commitments).size).toBe(4);
  });

  it('is made a hash at a time', () => {
    expect([...HashChain.make(salt, 0, 7, hexOf('last'))]).toHaveLength(7);
  });

  it('ends at every multiple of its length', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].filter((index) => isLastLink(index, 4))).toEqual([4, 8]);
    expect(isLastLink(1, 1)).toBe(true);
  });
});
