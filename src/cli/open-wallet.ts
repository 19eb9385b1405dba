import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../base/error-message.ts';
import { escapeForDisplay, onOneLine } from '../base/escape-for-display.ts';
import { findNameFault, type Keystore } from '../platform/keystore.ts';
import { type OpenWallet, openWallet, type SealedWallet } from '../platform/wallet-file.ts';
import { withAnswers } from './answers.ts';
import type { CommandIo } from './command.ts';
import { FailedError, UnreadableError, UsageError } from './command-error.ts';
import { limits } from './limits.ts';
import { nearestOf } from './nearest.ts';
import type { OptionForm, Options } from './options.ts';
import { passphraseForm, readPassphrase } from './passphrase.ts';
import { commandLine, quoted } from './start-command.ts';

/** Names the directory of the wallets. */
export const walletDirForm: OptionForm = { name: 'wallet-dir', example: 'wallets' };

/**
 * The directory of the wallets: the one that was named, else `.sortition/wallets` in the person's home. A wallet belongs to a person, and not to
 * the chain in a data directory, which may be removed to begin another one.
 */
export function walletDirectory({ values }: Options, { environment }: CommandIo): string {
  const home = environment['HOME'] || homedir();
  return values.get(walletDirForm.name) ?? join(home, '.sortition', 'wallets');
}

/** What a person types for `wallet` with these arguments and the wallets of this directory. */
export function walletLine({ values }: Options, ...args: readonly string[]): string {
  const directory = values.get(walletDirForm.name);
  return commandLine('wallet', ...args, ...(directory === undefined ? [] : [`--${walletDirForm.name}`, directory]));
}

/** What a wallet's file says. Throws a UsageError where there is no wallet of this name, and an UnreadableError where its file will not do. */
export function readWallet(keystore: Keystore, name: string, options: Options): SealedWallet {
  checkName(name);
  const names = onDisk(keystore, () => keystore.names());
  if (!names.includes(name)) throw new UsageError(missingText(keystore, name, names, options));
  const found = onDisk(keystore, () => keystore.read(name));
  if ('why' in found) throw new UnreadableError(found.why);
  return found.value;
}

/** Opens a wallet with the passphrase, which a person may try three times. Throws a FailedError where it is wrong, and what readWallet throws. */
export async function unlockWallet(
  keystore: Keystore,
  name: string,
  options: Options,
  io: CommandIo,
): Promise<OpenWallet> {
  const wallet = readWallet(keystore, name, options);
  const file = options.values.get(passphraseForm.name);
  const isAsked = file === undefined && io.input.isTTY === true;
  for (let tries = 1; ; tries++) {
    // The terminal is given back before the key is computed, so that Ctrl-C ends that, too.
    const passphrase = await withAnswers(io, (answers) => readPassphrase({ file, answers }));
    const open = await openWallet(wallet, passphrase);
    if (open !== undefined) return open;
    const wrong = `the passphrase of wallet ${name} is another one (or its file was changed by hand)`;
    if (!isAsked || tries === limits.answerTriesMax) throw new FailedError(wrong);
    io.errors.write('That is not the passphrase.\n');
  }
}

/** Throws a UsageError for a text that no wallet can have as its name. */
export function checkName(name: string): void {
  const fault = findNameFault(name);
  if (fault !== undefined)
    throw new UsageError(`"${escapeForDisplay(name)}" is no name of a wallet: it ${fault}, for example alice`);
}

/** Does something with the files of wallets. What the system refuses becomes an UnreadableError. */
export function onDisk<T>(keystore: Keystore, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new UnreadableError(`the wallets in ${onOneLine(keystore.directory)} cannot be read: ${messageOf(error)}`);
  }
}

function missingText(keystore: Keystore, name: string, names: readonly string[], options: Options): string {
  const place = quoted(keystore.directory);
  if (names.length === 0) return `there is no wallet in ${place} yet. Make one: ${walletLine(options, 'create', name)}`;
  const nearest = nearestOf(name, names);
  const advice = nearest === undefined ? `the wallets there are ${listed(names)}` : `did you mean ${nearest}`;
  return `there is no wallet ${name} in ${place}: ${advice}`;
}

function listed(names: readonly string[]): string {
  const { listedEntriesMax } = limits;
  const rest = names.length - listedEntriesMax;
  return `${names.slice(0, listedEntriesMax).join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`;
}
