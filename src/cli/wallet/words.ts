import { exitCodes } from '../exit-codes.ts';
import { readWallet, unlockWallet } from '../open-wallet.ts';
import { passphraseForm } from '../passphrase.ts';
import type { WalletAction } from './wallet-action.ts';
import { readName } from './wallet-name.ts';

export const words: WalletAction = {
  name: 'words',
  usage: 'NAME',
  summary: 'show the words of a wallet again, after the passphrase',
  forms: [passphraseForm],
  async run(keystore, options, io) {
    const name = readName(options, 'words');
    const { Account, Address } = readWallet(keystore, name, options);
    const { phrase } = await unlockWallet(keystore, name, options, io);
    if (options.values.has('json')) {
      io.output.write(`${JSON.stringify({ name, address: Address, account: Account, words: phrase })}\n`);
      return exitCodes.fine;
    }
    // Beside the output, so that a pipe gets the words alone.
    const account =
      Account === 0 ? '' : ` The wallet is number ${Account} of those that they give (--account ${Account}).`;
    io.errors.write(`Whoever reads these words can spend what is in wallet ${name}.${account}\n`);
    io.output.write(`${phrase}\n`);
    return exitCodes.fine;
  },
};
