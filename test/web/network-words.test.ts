import { expect, it } from 'vitest';
import { networkWords, peerCountWords, peerName } from '../../src/web/network-words.ts';

it('counts other nodes', () => {
  expect([0, 1, 2].map((peers) => peerCountWords({ peers }))).toEqual([
    'No other node is connected',
    '1 other node connected',
    '2 other nodes connected',
  ]);
});

it('says how far a server is that fetches the chain, with an estimate as soon as there is one', () => {
  const sync = { height: 1200, target: 30_000 };
  expect(networkWords({ peers: 1, authority: 'reached', sync })).toMatch(
    /^This server fetches the chain: block 1.200 of 30.000\.$/,
  );
  expect(networkWords({ peers: 1, sync: { ...sync, remainingMs: 8_000 } })).toMatch(/, about 8 s left\.$/);
});

it('says nothing of fetching where nobody is there to fetch from, and whether the authority is reached', () => {
  const sync = { height: 1, target: 2 };
  expect(networkWords({ peers: 0, authority: 'out-of-reach', sync })).toContain('is out of reach');
  expect(networkWords({ peers: 2, authority: 'reached' })).toContain('is another server');
  expect(networkWords({ peers: 2 })).toBe('');
});

it('tells peers apart by the end of their identities', () => {
  expect(peerName('12D3KooWFAwAkAfJaEG4jw8c2VpBzta8LK6rwYskk1MXWS2Yxg7K')).toBe('…WS2Yxg7K');
});
