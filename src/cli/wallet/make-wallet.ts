import { messageOf } from '../../base/error-message.ts';
import { isDiskFull } from '../../platform/disk-full.ts';
import type { Keystore, NewWallet } from '../../platform/keystore.ts';
import type { SealedWallet } from '../../platform/wallet-file.ts';
import { UnwritableError, UsageError } from '../command-error.ts';
import { checkName, onDisk } from '../open-wallet.ts';
import type { Options } from '../options.ts';
import { commandLine } from '../start-command.ts';

/** The name that a new wallet is given. Throws a UsageError for one that no wallet can have, or that another one has. */
export function readNewName(keystore: Keystore, { positionals: [name, another] }: Options, action: string): string {
  if (name === undefined || another !== undefined) {
    throw new UsageError(
      `wallet ${action} needs one NAME for the new wallet, for example: ${commandLine('wallet', action, 'alice')}`,
    );
  }
  checkName(name);
  if (onDisk(keystore, () => keystore.names()).includes(name)) throw new UsageError(takenText(keystore, name));
  return name;
}

/** Makes the file of a new wallet. Throws a UsageError where its name has been taken meanwhile, and an UnwritableError where the disk refuses it. */
export async function makeWallet(keystore: Keystore, name: string, parts: NewWallet): Promise<SealedWallet> {
  let wallet: SealedWallet | undefined;
  try {
    wallet = await keystore.create(name, parts);
  } catch (error) {
    if (!(error instanceof Error && ('syscall' in error || isDiskFull(error)))) throw error;
    throw new UnwritableError(keystore.directory, messageOf(error));
  }
  if (wallet === undefined) throw new UsageError(takenText(keystore, name));
  return wallet;
}

function takenText(keystore: Keystore, name: string): string {
  return `there is a wallet ${name} already, and it is not written over: ${keystore.fileOf(name)}. Choose another name`;
}
