import { pluralize } from '../../base/formatting.ts';
import { readAccount } from '../answer-reader.ts';
import { exitCodes } from '../exit-codes.ts';
import { nodeForms, openNode } from '../node-connection.ts';
import { readWallet } from '../open-wallet.ts';
import type { WalletAction } from './wallet-action.ts';
import { readName } from './wallet-name.ts';

export const balance: WalletAction = {
  name: 'balance',
  usage: 'NAME',
  summary: 'ask a running server what a wallet has; no passphrase is needed',
  forms: nodeForms,
  async run(keystore, options, io) {
    const name = readName(options, 'balance');
    const { Address, Key } = readWallet(keystore, name, options);
    const found = await openNode(options, io).find('getaccount', [Key]);
    const { balance: tokens, bonded } = found === undefined ? { balance: 0n, bonded: 0n } : readAccount(found);
    const json = { name, address: Address, key: Key, balance: String(tokens), bonded: String(bonded) };
    const words = `${pluralize(tokens, 'token')}, and ${bonded} at stake\n`;
    io.output.write(options.values.has('json') ? `${JSON.stringify(json)}\n` : words);
    return exitCodes.fine;
  },
};
