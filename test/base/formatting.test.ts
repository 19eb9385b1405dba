import { expect, it } from 'vitest';
import { pluralize, shortHash } from '../../src/base/formatting.ts';

it('a noun has an s unless there is just one', () => {
  expect([0, 1, 2].map((count) => pluralize(count, 'win'))).toEqual(['0 wins', '1 win', '2 wins']);
  expect([1n, 10n ** 20n].map((count) => pluralize(count, 'token'))).toEqual(['1 token', `1${'0'.repeat(20)} tokens`]);
  expect(['1', '11'].map((count) => pluralize(count, 'token'))).toEqual(['1 token', '11 tokens']);
  expect(pluralize(1000, 'round', '1,000')).toBe('1,000 rounds');
});

it('an address is short enough to be read and long enough to be told apart', () => {
  expect(shortHash('0123456789abcdef')).toBe('01234567…');
});
