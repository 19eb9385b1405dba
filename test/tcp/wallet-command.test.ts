import { describe, expect, it } from 'vitest';
import { addressOf } from '../../src/ledger/address.ts';
import { readWalletCommand } from '../../src/tcp/wallet-command.ts';
import { hexOf } from '../core/build-chain.ts';

const key = hexOf('a wallet');
const address = addressOf(key);

describe('a command for a wallet', () => {
  it.each([
    [`send ${address} 25`, { kind: 'send', to: key, amount: 25n, fee: 0n }],
    [`SEND\t${key}  025 3`, { kind: 'send', to: key, amount: 25n, fee: 3n }],
    ['bond 1', { kind: 'bond', amount: 1n, fee: 0n }],
    [`Unbond ${'9'.repeat(77)} 7`, { kind: 'unbond', amount: 10n ** 77n - 1n, fee: 7n }],
  ])('%s is an order', (line, order) => {
    expect(readWalletCommand(line)).toEqual({ kind: 'order', order });
  });

  it.each(['balance', 'wallet', 'words'])('%s is a question', (line) => {
    expect(readWalletCommand(line.toUpperCase())).toEqual({ kind: line });
  });

  it('has a code behind login, as it was typed', () => {
    expect(readWalletCommand('login 7-AB CD')).toEqual({ kind: 'login', code: '7-AB CD' });
  });

  it.each(['72', 'abc', '', 'sender 5', 'bonds 5', 'nonce 7', 'balances'])('"%s" is none', (line) => {
    expect(readWalletCommand(line)).toBeUndefined();
  });

  it.each([
    ['send', 'send needs an address and an amount: send ADDRESS AMOUNT [FEE], for example send sort1... 25'],
    [`send ${address}`, 'send needs an amount: send ADDRESS AMOUNT [FEE], for example send sort1... 25'],
    [
      'send \x07 5',
      '"\\x07" is no address: it does not begin with "sort1". An address is like sort1qtwjlv6st0...yfjank, 63 characters',
    ],
    ['bond', 'bond needs an amount: bond AMOUNT [FEE], for example bond 100'],
    ['bond 0', '"0" is not an amount: a whole number from 1 on, digits only. bond AMOUNT [FEE], for example bond 100'],
    [
      'bond 1.5',
      '"1.5" is not an amount: a whole number from 1 on, digits only. bond AMOUNT [FEE], for example bond 100',
    ],
    [
      'unbond 5 x',
      '"x" is not an amount: a whole number from 0 on, digits only. unbond AMOUNT [FEE], for example unbond 100',
    ],
    ['unbond 5 6 7', 'unbond has too many words: unbond AMOUNT [FEE], for example unbond 100'],
    ['balance 5', 'balance takes nothing behind it'],
    ['login', 'login needs a code: login CODE, for example login 7-ABCD-EFGH-JKMN'],
  ])('%s is refused in words that say what is accepted', (line, why) => {
    expect(readWalletCommand(line)).toEqual({ kind: 'wrong', why });
  });

  it('is refused with an amount of 78 digits', () => {
    expect(readWalletCommand(`bond 1${'0'.repeat(77)}`)).toMatchObject({ kind: 'wrong' });
  });
});
