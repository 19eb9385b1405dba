import { describe, expect, it } from 'vitest';
import type { AccountEntry } from '../../src/http/api/types.ts';
import type { Transaction } from '../../src/ledger/transaction.ts';
import { searchTargets, supplyWords, waitingWords } from '../../src/web/ledger-text.ts';
import { entryWords, kindWords, otherSide, receiverOf, stateWords } from '../../src/web/transaction-text.ts';
import { hexOf } from '../core/build-chain.ts';

const [ada, ben] = [hexOf('ada'), hexOf('ben')];
const address = `sort1${'q'.repeat(58)}`;

describe('what is typed into the search of a ledger', () => {
  it.each([
    ['12', ['/blocks/12']],
    [' Block 12 ', ['/blocks/12']],
    ['1'.repeat(15), [`/blocks/${'1'.repeat(15)}`]],
    ['1'.repeat(16), []],
    [address, [`/accounts/${address}`]],
    [address.toUpperCase(), [`/accounts/${address}`]],
    [address.slice(0, -1), []],
    [`${address.slice(0, -1)}b`, []],
    [ada, [`/accounts/${ada}`, `/transactions/${ada}`]],
    [ada.toUpperCase(), [`/accounts/${ada}`, `/transactions/${ada}`]],
    [ada.slice(1), []],
    ['../x', []],
    ['', []],
  ])('leads %j to %j', (typed, paths) => {
    expect(searchTargets(typed).map(({ path }) => path)).toEqual(paths);
  });
});

describe('what the page says of a ledger', () => {
  it('counts tokens, accounts and what waits', () => {
    expect(supplyWords({ supply: '1', accounts: 1, reward: '0', waiting: 0 })).toBe('1 token in 1 account.');
    expect(supplyWords({ supply: '20', accounts: 2, reward: '5', waiting: 0 })).toBe(
      '20 tokens in 2 accounts; each block brings 5 more.',
    );
    expect([0, 1, 2].map((waiting) => waitingWords({ waiting }))).toEqual([
      'No transaction waits for a block',
      '1 transaction waits for a block',
      '2 transactions wait for a block',
    ]);
  });

  it.each<[AccountEntry, string, string, string | undefined]>([
    [{ index: 1, kind: 'transfer', from: ada, to: ben }, ada, 'sent to', ben],
    [{ index: 1, kind: 'transfer', from: ada, to: ben }, ben, 'came from', ada],
    [{ index: 1, kind: 'bond', from: ada }, ada, 'put at stake', undefined],
    [{ index: 1, kind: 'unbond', from: ada }, ada, 'taken from its stake', undefined],
    [{ index: 1, kind: 'report', from: ada, to: ben }, ada, 'reported', ben],
    [{ index: 1, kind: 'report', from: ada, to: ben }, ben, 'burnt, reported by', ada],
    [{ index: 1, kind: 'reward', to: ada }, ada, 'reward of its block', undefined],
  ])('tells an entry %j from its own side', (entry, key, words, other) => {
    expect([entryWords(entry, key), otherSide(entry, key)]).toEqual([words, other]);
  });

  it('says what each kind of transaction does, and to whom', () => {
    const signed = { From: ada, Fee: '0', Nonce: 0, Until: 9, Signature: '' };
    const evidence = [{ Index: 1, Validator: ben, BPM: 'x', Signature: '' }];
    const all: readonly Transaction[] = [
      { Kind: 'transfer', To: ben, Amount: '1', ...signed },
      { Kind: 'bond', Amount: '1', ...signed },
      { Kind: 'unbond', Amount: '1', ...signed },
      { Kind: 'report', Evidence: evidence, ...signed },
    ];
    expect(all.map((each) => [kindWords(each), receiverOf(each)])).toEqual([
      ['sends to', ben],
      ['puts at stake', undefined],
      ['takes from its stake', undefined],
      ['reports', ben],
    ]);
  });

  it('says where a transaction is, and since which block it waits no longer', () => {
    expect(stateWords({ state: 'pending' })).toBe('It waits for a block.');
    expect(stateWords({ state: 'included', index: 4 })).toBe('It is in block 4.');
    for (const state of ['expired', 'replaced', 'refused', 'evicted'] as const) {
      expect(stateWords({ state, index: 7 })).toMatch(/^It is in no block: .* since block 7\.$/);
    }
  });
});
