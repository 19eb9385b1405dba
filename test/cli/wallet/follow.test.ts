import { expect, it } from 'vitest';
import { followedJson, followedText, syncedText } from '../../../src/cli/wallet/follow-text.ts';
import { addressOf } from '../../../src/ledger/address.ts';
import type { WatchedAccount } from '../../../src/node/light/account-watch.ts';
import { runWallet } from './run-wallet.ts';

const key = '7'.repeat(64);
const peer = ['--peer', 'localhost:9002'];

it.each([
  [[], 'wallet follow needs the NAME of a wallet, or an address: '],
  [[key], 'wallet follow needs a node to ask, with --peer: '],
  [[key, '--peer', 'far away'], '--peer is "far away", but must be the address of a node: '],
  [[key, ...peer, '--chain', 'mine'], '--chain is "mine", but must be a ChainId: the Hash of block 0'],
  [['sort1qqqq', ...peer], '"sort1qqqq" is no address: '],
  [['alice', ...peer], 'there is no wallet in '],
])('wallet follow refuses %j before it asks anybody', async (args, words) => {
  const { code, out, err } = await runWallet(['follow', ...args, '--wallet-dir', 'none']);
  expect(err).toContain(words);
  expect({ code, out }).toEqual({ code: 2, out: '' });
});

it('tells a balance in one line, with what unbonds', () => {
  const account = (fields: WatchedAccount['account']): WatchedAccount => ({
    key,
    index: 7,
    hash: 'ab'.repeat(32),
    account: fields,
    pathLength: 1,
  });
  expect(followedText('ada', account([key, '1', '20', '0', 0, 1, 0]))).toBe(
    'block 7: ada has 1 token, and 20 at stake (proved in 1 step)\n',
  );
  expect(followedText('ada', account([key, '10', '20', '5', 17, 1, 0]))).toBe(
    'block 7: ada has 10 tokens, and 20 at stake, 5 tokens more until block 17 (proved in 1 step)\n',
  );
  expect(followedText('ada', account(undefined))).toBe(
    'block 7: ada has no account yet, as the nodes say; that there is none cannot be proved\n',
  );
  expect(followedJson('ada', account(undefined))).toEqual({
    name: 'ada',
    address: addressOf(key),
    key,
    index: 7,
    hash: 'ab'.repeat(32),
  });
});

it('says what happens between it and the nodes, with nothing of a stranger unescaped', () => {
  const peer = '12D3KooWHostile1';
  expect(syncedText({ kind: 'peer-cut', peer, host: '\x1b[2J', reason: 'bad-proof' })).toBe(
    'Node …Hostile1 at \\x1b[2J was cut: bad-proof.\n',
  );
  expect(syncedText({ kind: 'peer-greeted', peer, host: '192.0.2.1' })).toBe('Node …Hostile1 at 192.0.2.1 answers.\n');
  expect(syncedText({ kind: 'synced', height: 7 })).toBe('All headers up to block 7 hold.\n');
});
