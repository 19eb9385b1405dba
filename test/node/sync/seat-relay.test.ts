import { expect, it } from 'vitest';
import type { Hello } from '../../../src/node/sync/hello.ts';
import type { Peer } from '../../../src/node/sync/peer-table.ts';
import { authorityOf, chooseSeatPeer } from '../../../src/node/sync/seat-relay.ts';

const Chain = { ChainId: 'ab'.repeat(32), Height: 7, Tip: 'cd'.repeat(32), Weight: '7' };

function peer(name: string, hello: Hello | undefined): Peer {
  return { peer: name, host: '127.0.0.1', isInbound: false, hello, latencyMs: 1, heardMs: 0 };
}

const authority = peer('authority', { Version: 2, Chain, Roles: ['authority', 'full'], Proof: '' });
const follower = peer('follower', { Version: 2, Chain, Roles: ['full'] });
const another = peer('another', { Version: 2, Chain, Roles: ['full'] });
const others = [
  peer('new', undefined),
  peer('empty', { Version: 2, Roles: ['full'] }),
  peer('wallet', { Version: 2, Chain, Roles: ['wallet'] }),
];

it('leads a person to the authority where that is connected, whatever else is', () => {
  expect(chooseSeatPeer([...others, follower, authority], 3)).toBe('authority');
  expect(authorityOf([follower, authority])).toBe('authority');
  expect(authorityOf([follower, ...others])).toBeUndefined();
});

it('leads by way of the other nodes that have the chain otherwise, by each in its turn', () => {
  const peers = [...others, follower, another];
  expect([0, 1, 2].map((attempt) => chooseSeatPeer(peers, attempt))).toEqual(['follower', 'another', 'follower']);
  expect(chooseSeatPeer(others, 0)).toBeUndefined();
  expect(chooseSeatPeer([], 5)).toBeUndefined();
});
