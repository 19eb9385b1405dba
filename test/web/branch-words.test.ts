import { expect, it } from 'vitest';
import { branchWords } from '../../src/web/branch-words.ts';

it.each([
  [4, 1, 1, 'A heavier block took the place of block 5, and what was in it waits again:'],
  [4, 1, 2, 'A heavier branch of 2 blocks took the place of block 5, and what was in it waits again:'],
  [4, 2, 3, 'A heavier branch of 3 blocks took the place of the blocks 5 to 6, and what was in them waits again:'],
])('what falls out behind block %i is told in words: %i, by %i', (fork, removedCount, addedCount, words) => {
  expect(branchWords({ fork, removedCount, addedCount })).toBe(words);
});
