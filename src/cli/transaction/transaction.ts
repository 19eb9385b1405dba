import { setTimeout as delay } from 'node:timers/promises';
import { parseDigits } from '../../base/amount.ts';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { pluralize } from '../../base/formatting.ts';
import { limits as baseLimits } from '../../base/limits.ts';
import { addressOf, parseAddress } from '../../ledger/address.ts';
import { signTransaction, type TransactionRequest } from '../../ledger/transaction.ts';
import { limits as nodeLimits } from '../../node/limits.ts';
import { Keystore } from '../../platform/keystore.ts';
import { memberOf, readHash, readWhole } from '../answer-reader.ts';
import type { Command, CommandIo } from '../command.ts';
import { FailedError, UsageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { limits } from '../limits.ts';
import { type NodeConnection, nodeForms, openNode } from '../node-connection.ts';
import { readWallet, unlockWallet, walletDirectory, walletDirForm } from '../open-wallet.ts';
import { type OptionForm, type Options, readOptions } from '../options.ts';
import { passphraseForm } from '../passphrase.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';

const forms: readonly OptionForm[] = [
  { name: 'fee', example: '1' },
  { name: 'wait' },
  { name: 'json' },
  passphraseForm,
  walletDirForm,
  ...nodeForms,
];

/** What a command has done with the tokens of a wallet, and the words for it. */
interface Purpose {
  readonly request: TransactionRequest;
  readonly done: string;
}

/** How a command that makes a transaction is typed. */
interface Wording {
  readonly name: 'send' | 'bond' | 'unbond';
  readonly usage: string;
  readonly summary: string;
  readonly example: readonly string[];
  /** Reads what stands behind the wallet. */
  readonly read: (words: readonly string[]) => (common: Common) => Purpose;
}

interface Common {
  readonly Fee: string;
  readonly Nonce: number;
  readonly Until: number;
}

/** `send`: moves tokens of a wallet on this machine to an account. */
export const send: Command = transactionCommand({
  name: 'send',
  usage: 'WALLET TO AMOUNT',
  summary: 'Sends tokens of a wallet on this machine to an address (sort1...) or a key.',
  example: ['alice', 'sort1wnxf0y7vnwnde8zp0sklppxla5w9dkmdzaghvsh7yv9y8zad034st5gvy9', '25'],
  read: ([to, amount, ...more]) => {
    if (to === undefined) throw new UsageError(`send needs an address and an amount: ${exampleLine('send')}`);
    const address = parseAddress(Buffer.from(to).toString('latin1'));
    if ('why' in address) throw new UsageError(address.why);
    const Amount = readAmount('send', amount, more);
    const done = `${pluralize(BigInt(Amount), 'token')} to ${addressOf(address.value)}`;
    return (common) => ({ request: { Kind: 'transfer', To: address.value, Amount, ...common }, done });
  },
});

/** `bond`: puts tokens at stake. */
export const bond: Command = transactionCommand({
  name: 'bond',
  usage: 'WALLET AMOUNT',
  summary: 'Puts tokens of a wallet on this machine at stake: each is a ticket from the next block on.',
  example: ['alice', '100'],
  read: ([amount, ...more]) => {
    const Amount = readAmount('bond', amount, more);
    const done = `${pluralize(BigInt(Amount), 'token')} to be bonded`;
    return (common) => ({ request: { Kind: 'bond', Amount, ...common }, done });
  },
});

/** `unbond`: takes tokens back from the stake. */
export const unbond: Command = transactionCommand({
  name: 'unbond',
  usage: 'WALLET AMOUNT',
  summary: 'Takes tokens of a wallet on this machine back from its stake. They can be spent some blocks later.',
  example: ['alice', '100'],
  read: ([amount, ...more]) => {
    const Amount = readAmount('unbond', amount, more);
    const done = `${pluralize(BigInt(Amount), 'token')} to be taken back`;
    return (common) => ({ request: { Kind: 'unbond', Amount, ...common }, done });
  },
});

function transactionCommand({ name, usage, summary, example, read }: Wording): Command {
  return {
    get help() {
      return `${summary} The transaction is signed here and sent to a running server.

Usage: ${commandLine(name)} ${usage} [options]

  WALLET                 the name of a wallet (${commandLine('wallet', 'list')} names them)
  --fee N                the fee [0]
  --wait                 waits until the transaction is in a block, or can be in none any more
  --passphrase-file FILE the passphrase is the first line of FILE. Else it is asked for, or read from a pipe
  --wallet-dir DIR       where the wallets are [.sortition/wallets in your home]
  --url URL, --dashboard-port N, --data-dir DIR
                         the page of the server, as ${commandLine('rpc')} takes it [that of this machine]
  --json                 one line of JSON
  -h, --help             shows this

Example: ${commandLine(name, ...example)} --wait

Exit codes: 0 it is sent (with --wait: in a block), 1 the server or the ledger refused it, or the passphrase is wrong, 2 wrong usage,
4 the wallet cannot be read.
`;
    },
    async run(args, io) {
      watchOutput(io);
      const options = readOptions(args, forms);
      const [walletName, ...words] = options.positionals;
      if (walletName === undefined) throw new UsageError(`${name} needs the name of a wallet: ${exampleLine(name)}`);
      const purposeOf = read(words);
      const fee = readFee(options);
      const keystore = new Keystore(walletDirectory(options, io));
      const { Key } = readWallet(keystore, walletName, options);
      const node = openNode(options, io);
      const info = await node.call('getinfo', []);
      const [chainId, height] = [readHash(memberOf(info, 'ChainId')), readWhole(memberOf(info, 'Height'))];
      const nonce = readWhole(await node.call('getnonce', [Key]));
      const wallet = await unlockWallet(keystore, walletName, options, io);
      const until = height + nodeLimits.untilAhead;
      const { request, done } = purposeOf({ Fee: fee, Nonce: nonce, Until: until });
      const id = readHash(await node.call('sendrawtransaction', [signTransaction(chainId, request, wallet.signer)]));
      const isJson = options.values.has('json');
      const isWaiting = options.values.has('wait');
      if (!isJson) io.output.write(`Sent: ${done}, transaction ${id}. After block ${until} it expires.\n`);
      if (isJson && !isWaiting) io.output.write(`${JSON.stringify({ id, nonce, until })}\n`);
      return isWaiting ? waitFor(node, id, { isJson, io }) : exitCodes.fine;
    },
  };
}

/** Asks until a transaction waits no longer. */
async function waitFor(
  node: NodeConnection,
  id: string,
  { isJson, io }: { readonly isJson: boolean; readonly io: CommandIo },
): Promise<number> {
  for (;;) {
    const answer = await node.call('gettransaction', [id]);
    const state = String(memberOf(answer, 'State'));
    if (state === 'pending') {
      await delay(limits.transactionPollMs);
      continue;
    }
    const index = readWhole(memberOf(answer, 'Index'));
    if (isJson) io.output.write(`${JSON.stringify({ id, state: escapeForDisplay(state), index })}\n`);
    if (state === 'included') {
      if (!isJson) io.output.write(`It is in block ${index}.\n`);
      return exitCodes.fine;
    }
    const why = escapeForDisplay(state);
    throw new FailedError(
      `transaction ${id} is in no block: it is ${why} since block ${index}. Nothing of it was done`,
    );
  }
}

function readFee({ values }: Options): string {
  const text = values.get('fee') ?? '0';
  const fee = parseDigits(text);
  if (fee === undefined || String(fee).length > baseLimits.amountDigitsMax) {
    throw new UsageError(
      `--fee is "${escapeForDisplay(text)}", but must be a whole number from 0 on, for example --fee 1`,
    );
  }
  return String(fee);
}

function readAmount(name: Wording['name'], text: string | undefined, more: readonly string[]): string {
  if (text === undefined) throw new UsageError(`${name} needs an amount: ${exampleLine(name)}`);
  if (more.length > 0) throw new UsageError(`${name} has too many words: ${exampleLine(name)}`);
  const amount = parseDigits(text);
  if (amount !== undefined && amount >= 1n && String(amount).length <= baseLimits.amountDigitsMax)
    return String(amount);
  throw new UsageError(
    `"${escapeForDisplay(text)}" is not an amount: a whole number from 1 on, digits only. ${exampleLine(name)}`,
  );
}

function exampleLine(name: Wording['name']): string {
  const words = name === 'send' ? ['alice', 'sort1...', '25'] : ['alice', '100'];
  return `for example ${commandLine(name, ...words)}`;
}
