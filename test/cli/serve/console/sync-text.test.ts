import { expect, it } from 'vitest';
import { syncText } from '../../../../src/cli/serve/console/sync-text.ts';

const peer = '12D3KooWFAwAkAfJaEG4jw8c2VpBzta8LK6rwYskk1MXWS2Yxg7K';

it('names a peer by the end of its identity, and says why it was cut', () => {
  expect(syncText({ kind: 'peer-greeted', peer, host: '192.0.2.1' })).toBe('Peer …WS2Yxg7K at 192.0.2.1 is here.\n');
  expect(syncText({ kind: 'peer-gone', peer })).toBe('Peer …WS2Yxg7K is gone.\n');
  expect(syncText({ kind: 'peer-cut', peer, host: '192.0.2.1', reason: 'bad-block' })).toBe(
    'Peer …WS2Yxg7K at 192.0.2.1 was cut: bad-block.\n',
  );
});

it('says how far a download is, and for how long it still takes where that is known', () => {
  expect(syncText({ kind: 'syncing', height: 0, target: 12_345, remainingMs: undefined })).toBe(
    'Fetching the chain: block 0 of 12,345.\n',
  );
  expect(syncText({ kind: 'syncing', height: 5000, target: 12_345, remainingMs: 2500 })).toBe(
    'Fetching the chain: block 5,000 of 12,345, about 2.5 s left.\n',
  );
  expect(syncText({ kind: 'synced', height: 12_345 })).toBe(
    'The chain is complete: 12,345 blocks behind the genesis hold.\n',
  );
});
