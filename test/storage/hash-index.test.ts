import { expect, it } from 'vitest';
import { HashIndex } from '../../src/storage/hash-index.ts';
import { limits } from '../../src/storage/limits.ts';

/** Hashes of a chain of work: they begin with zeros, and some of them have the same end. */
function hashOf(index: number, branch = 0): string {
  return `${'0'.repeat(40)}${String(branch).padStart(8, '0')}${String(index).padStart(8, '0')}${String(index % 1000).padStart(8, '0')}`;
}

function textsOf(count: number, branch = 0): string[] {
  return Array.from({ length: count }, (_, index) => `{"Index":${index},"Hash":"${hashOf(index, branch)}"}`);
}

function indexOf(texts: readonly string[]): HashIndex {
  return new HashIndex(
    async function* (first) {
      yield texts.slice(first);
    },
    async (index) => texts[index],
  );
}

it('finds every block by its hash, however many there are, and no other', async () => {
  const texts = textsOf(2 * limits.hashPlacesMin);
  const index = indexOf(texts);
  for (const place of [0, 1, 1001, 2001, texts.length - 1]) expect(await index.find(hashOf(place))).toBe(texts[place]);
  expect(await index.find(hashOf(texts.length))).toBeUndefined();
  expect(await index.find('f'.repeat(64))).toBeUndefined();
});

it('finds the blocks that came since, and those that took the place of others', async () => {
  const texts = textsOf(10);
  const index = indexOf(texts);
  expect(await index.find(hashOf(9))).toBe(texts[9]);
  texts.push(...textsOf(12).slice(10));
  expect(await index.find(hashOf(11))).toBe(texts[11]);
  texts.splice(5, 7, ...textsOf(8, 1).slice(5));
  index.truncate(5);
  expect(await index.find(hashOf(9))).toBeUndefined();
  expect(await index.find(hashOf(7))).toBeUndefined();
  expect(await index.find(hashOf(7, 1))).toBe(texts[7]);
  expect(await index.find(hashOf(4))).toBe(texts[4]);
});
