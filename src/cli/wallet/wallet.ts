import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { Keystore } from '../../platform/keystore.ts';
import { usualCost } from '../../platform/wallet-file.ts';
import type { Command } from '../command.ts';
import { UsageError } from '../command-error.ts';
import { nearestOf } from '../nearest.ts';
import { walletDirectory, walletDirForm } from '../open-wallet.ts';
import { readOptions } from '../options.ts';
import { passphraseForm } from '../passphrase.ts';
import { commandLine } from '../start-command.ts';
import { watchOutput } from '../watched-output.ts';
import { address } from './address.ts';
import { balance } from './balance.ts';
import { create } from './create.ts';
import { follow } from './follow.ts';
import { importWallet } from './import.ts';
import { list } from './list.ts';
import type { WalletAction } from './wallet-action.ts';
import { words } from './words.ts';

const actions: readonly WalletAction[] = [create, list, balance, follow, words, importWallet, address];
const names = actions.map(({ name }) => name);

/** Keeps the keys of a person. No server needs to run. `cost` is scrypt's N for the wallets that it makes. */
export function walletCommand(cost: number): Command {
  return {
    get help() {
      return walletHelp();
    },
    helpOn: ([name]) => {
      const action = actions.find((one) => one.name === name);
      return action === undefined ? undefined : actionHelp(action);
    },
    async run(args, io) {
      watchOutput(io);
      const [name, ...rest] = args;
      const action = actions.find((one) => one.name === name);
      if (action === undefined) throw new UsageError(unknownText(name));
      const options = readOptions(rest, [...action.forms, walletDirForm, { name: 'json' }]);
      return action.run(new Keystore(walletDirectory(options, io), cost), options, io);
    },
  };
}

export const wallet: Command = walletCommand(usualCost);

function unknownText(name: string | undefined): string {
  const choice = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  const example = commandLine('wallet', 'create', 'alice');
  if (name === undefined) return `wallet needs one word more: ${choice}, for example: ${example}`;
  const nearest = nearestOf(name, names);
  const advice = nearest === undefined ? `use ${choice}, for example: ${example}` : `did you mean ${nearest}`;
  return `wallet does not know "${escapeForDisplay(name)}": ${advice}`;
}

function walletHelp(): string {
  const rows = actions.map(({ name, usage, summary }) => `  ${`${name} ${usage}`.padEnd(13)} ${summary}\n`);
  return `Keeps the keys of your accounts on this machine. No server needs to run.

Usage: ${commandLine('wallet')} ACTION [NAME] [options]

${rows.join('')}
${optionsHelp([...new Set(actions.flatMap(({ forms }) => forms.map(({ name }) => name)))])}
A wallet is one file in DIR, readable for its owner alone (mode 0600). In it are 12 words (BIP-39), encrypted with AES-256-GCM
under a key that scrypt makes of the passphrase; its address stands there in plain.

Examples:
  ${commandLine('wallet', 'create', 'alice')}
  ${commandLine('wallet', 'list')} --json
  ${commandLine('wallet', 'import', 'alice')} --passphrase-file passphrase.txt < words.txt

${exitCodesHelp}`;
}

function actionHelp({ name, usage, summary, forms }: WalletAction): string {
  return `Usage: ${commandLine('wallet', name)} ${`${usage} [options]`.trim()}

${summary[0]?.toUpperCase()}${summary.slice(1)}.

${optionsHelp(forms.map((form) => form.name))}
${exitCodesHelp}`;
}

function optionsHelp(given: readonly string[]): string {
  const all: readonly (readonly [string, string, string])[] = [
    [
      passphraseForm.name,
      `--${passphraseForm.name} FILE`,
      'the passphrase is the first line of FILE. Else it is asked for at the terminal without showing it, or read\n                           from a pipe: a line, for import after the line of the words',
    ],
    ['account', '--account N', "of import: the account m/44'/1'/N' of the words, not the first one [0]"],
    [
      'url',
      '--url URL, --dashboard-port N, --data-dir DIR',
      'of balance: the page of the server [that of this machine]',
    ],
    [
      'peer',
      '--peer ADDRESS',
      'of follow: a node to begin with, as its banner prints it, or HOST:PORT; several with several --peer',
    ],
    ['chain', '--chain CHAINID', 'of follow: the one chain to believe [that of the first node that answers]'],
    ['once', '--once', 'of follow: shows what each has, and ends'],
    [walletDirForm.name, `--${walletDirForm.name} DIR`, 'where the wallets are [.sortition/wallets in your home]'],
    ['json', '--json', 'one line of JSON'],
  ];
  const shown = all.filter(([name]) => given.includes(name) || name === walletDirForm.name || name === 'json');
  const rows = shown.map(([, usage, text]) => `  ${usage.padEnd(24)} ${text}\n`);
  return `${rows.join('')}  ${'-h, --help'.padEnd(24)} shows this\n`;
}

const exitCodesHelp =
  'Exit codes: 0 done, 1 the passphrase is wrong, you stopped it, or a wallet in the list cannot be used, 2 wrong usage (a name,\nthe words), 4 a wallet or the passphrase file cannot be read, 5 the wallet or the output cannot be written.\n';
