import { parseDigits } from '../base/amount.ts';
import { escapeForDisplay } from '../base/escape-for-display.ts';
import { limits as baseLimits } from '../base/limits.ts';
import { parseAddress } from '../ledger/address.ts';
import type { Order } from '../node/wallet-service.ts';

/** What the holder of a wallet typed besides numbers (SPEC 1). */
export type WalletCommand =
  | { readonly kind: 'order'; readonly order: Order }
  | { readonly kind: 'balance' | 'wallet' | 'words' }
  | { readonly kind: 'login'; readonly code: string }
  /** It is none of them, in words that say what came and what is accepted. */
  | { readonly kind: 'wrong'; readonly why: string };

const examples = {
  send: 'send ADDRESS AMOUNT [FEE], for example send sort1... 25',
  bond: 'bond AMOUNT [FEE], for example bond 100',
  unbond: 'unbond AMOUNT [FEE], for example unbond 100',
  login: 'login CODE, for example login 7-ABCD-EFGH-JKMN',
} as const;

/** Reads a line whose first word is one of the commands for wallets, in any case; undefined for every other line. */
export function readWalletCommand(line: string): WalletCommand | undefined {
  const [first = '', ...words] = line.split(/[ \t]+/);
  const name = first.toLowerCase();
  switch (name) {
    case 'balance':
    case 'wallet':
    case 'words':
      return words.length === 0 ? { kind: name } : wrong(`${name} takes nothing behind it`);
    case 'login':
      return words.length === 0
        ? wrong(`login needs a code: ${examples.login}`)
        : { kind: 'login', code: words.join(' ') };
    case 'send':
      return readSend(words);
    case 'bond':
    case 'unbond': {
      const amounts = readAmounts(name, words);
      return 'why' in amounts ? wrong(amounts.why) : { kind: 'order', order: { kind: name, ...amounts } };
    }
    default:
      return undefined;
  }
}

function readSend([to, ...words]: readonly string[]): WalletCommand {
  if (to === undefined) return wrong(`send needs an address and an amount: ${examples.send}`);
  const address = parseAddress(to);
  if ('why' in address) return wrong(address.why);
  const amounts = readAmounts('send', words);
  return 'why' in amounts
    ? wrong(amounts.why)
    : { kind: 'order', order: { kind: 'send', to: address.value, ...amounts } };
}

/** An amount, and a fee behind it where one is given; 0 stands for the least that the chain asks for. */
function readAmounts(
  name: 'send' | 'bond' | 'unbond',
  words: readonly string[],
): { readonly amount: bigint; readonly fee: bigint } | { readonly why: string } {
  const [amountText, feeText = '0', stranger] = words;
  if (amountText === undefined) return { why: `${name} needs an amount: ${examples[name]}` };
  if (stranger !== undefined) return { why: `${name} has too many words: ${examples[name]}` };
  const amount = parseDigits(amountText);
  if (amount === undefined || amount < 1n || isTooLong(amount)) return { why: notAnAmount(amountText, 1, name) };
  const fee = parseDigits(feeText);
  if (fee === undefined || isTooLong(fee)) return { why: notAnAmount(feeText, 0, name) };
  return { amount, fee };
}

function isTooLong(amount: bigint): boolean {
  return String(amount).length > baseLimits.amountDigitsMax;
}

function notAnAmount(text: string, least: number, name: 'send' | 'bond' | 'unbond'): string {
  return `"${escapeForDisplay(text)}" is not an amount: a whole number from ${least} on, digits only. ${examples[name]}`;
}

function wrong(why: string): WalletCommand {
  return { kind: 'wrong', why };
}
