import { exitCodes } from '../exit-codes.ts';
import { readWallet } from '../open-wallet.ts';
import type { WalletAction } from './wallet-action.ts';
import { readName } from './wallet-name.ts';

export const address: WalletAction = {
  name: 'address',
  usage: 'NAME',
  summary: 'show the address of a wallet alone, for scripts; no passphrase is needed',
  forms: [],
  async run(keystore, options, io) {
    const name = readName(options, 'address');
    const { Address, Key } = readWallet(keystore, name, options);
    const json = { name, address: Address, key: Key };
    io.output.write(options.values.has('json') ? `${JSON.stringify(json)}\n` : `${Address}\n`);
    return exitCodes.fine;
  },
};
