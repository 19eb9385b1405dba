import { expect, it } from 'vitest';
import { EmptyDatastore } from '../../src/p2p/empty-datastore.ts';

it('keeps nothing of what a stranger wants kept', async () => {
  const store = new EmptyDatastore();
  expect(store.has()).toBe(false);
  expect(() => store.get()).toThrow(expect.objectContaining({ name: 'NotFoundError' }));
  const all: unknown[] = [];
  for await (const pair of store.query()) all.push(pair);
  for await (const key of store.queryKeys()) all.push(key);
  expect(all).toEqual([]);
});
