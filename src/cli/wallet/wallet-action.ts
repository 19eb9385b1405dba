import type { Keystore } from '../../platform/keystore.ts';
import type { CommandIo } from '../command.ts';
import type { OptionForm, Options } from '../options.ts';

/** What `wallet <name>` does. */
export interface WalletAction {
  readonly name: string;
  /** What stands behind its name in the usage. */
  readonly usage: string;
  readonly summary: string;
  /** The options that it has besides --json and --wallet-dir. */
  readonly forms: readonly OptionForm[];
  /** Returns the exit code. Throws a CommandError. */
  run(keystore: Keystore, options: Options, io: CommandIo): Promise<number>;
}
