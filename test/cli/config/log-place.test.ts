import { expect, it } from 'vitest';
import { parseLogPlace } from '../../../src/cli/config/log-place.ts';

it.each([
  ['etcd://localhost:2379', ['localhost:2379'], 'lottery'],
  ['etcd://a:2379,b.example:2380,[::1]:1/room-1', ['a:2379', 'b.example:2380', '[::1]:1'], 'room-1'],
])('takes %s', (text, members, name) => {
  expect(parseLogPlace(text)).toEqual({ members, name });
});

it.each([
  'etcd://',
  'etcd://localhost',
  'etcd://a:2379,',
  'etcd://a:2379/',
  'etcd://a:2379/a/b',
  'http://a:2379',
  'etcd://u:p@a:1',
])('refuses %s', (text) => {
  expect(parseLogPlace(text)).toBeUndefined();
});
