import { Chalk } from 'chalk';
import { CommandError } from '../../../src/cli/command-error.ts';
import { walletCommand } from '../../../src/cli/wallet/wallet.ts';
import { type Finished, type RunOptions, runMain } from '../run-command.ts';
import type { Typist } from '../typist.ts';

/** Runs `sortition wallet <words>`, but with wallets whose passphrases are cheap to guess. */
export function runWallet(
  words: readonly string[],
  options: RunOptions & { readonly typist?: Typist } = {},
): Promise<Finished> {
  const { typist } = options;
  return runMain(async (processIo) => {
    const terminal = typist === undefined ? {} : { input: typist.input, errors: typist.screen };
    const io = { ...processIo, ...terminal, paint: new Chalk({ level: 0 }), version: '0' };
    try {
      return await walletCommand(16).run(words, io);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      io.errors.write(`sortition: ${error.message}.\n`);
      return error.exitCode;
    }
  }, options);
}
