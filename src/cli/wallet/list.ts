import { onOneLine } from '../../base/escape-for-display.ts';
import type { Keystore } from '../../platform/keystore.ts';
import { UsageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { onDisk, walletLine } from '../open-wallet.ts';
import type { Options } from '../options.ts';
import { commandLine, quoted } from '../start-command.ts';
import type { WalletAction } from './wallet-action.ts';

/** A wallet, or a file in its place that cannot be used. */
type Row =
  | { readonly name: string; readonly address: string; readonly key: string }
  | { readonly name: string; readonly problem: string };

export const list: WalletAction = {
  name: 'list',
  usage: '',
  summary: 'name all wallets with their addresses; no passphrase is needed',
  forms: [],
  async run(keystore, options, io) {
    const { positionals, values } = options;
    if (positionals.length > 0) throw new UsageError(`wallet list takes no NAME: ${commandLine('wallet', 'list')}`);
    const rows = onDisk(keystore, () => keystore.names().map((name) => rowOf(keystore, name)));
    const { directory } = keystore;
    io.output.write(
      values.has('json') ? `${JSON.stringify({ directory, wallets: rows })}\n` : textOf(rows, directory, options),
    );
    return rows.some((row) => 'problem' in row) ? exitCodes.failed : exitCodes.fine;
  },
};

function rowOf(keystore: Keystore, name: string): Row {
  const found = keystore.read(name);
  if ('why' in found) return { name, problem: found.why };
  return { name, address: found.value.Address, key: found.value.Key };
}

function textOf(rows: readonly Row[], directory: string, options: Options): string {
  if (rows.length === 0) {
    return `There is no wallet in ${quoted(directory)} yet. Make one: ${walletLine(options, 'create', 'alice')}\n`;
  }
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(
    (row) => `  ${row.name.padEnd(width)}  ${'problem' in row ? `cannot be used: ${row.problem}` : row.address}\n`,
  );
  return `Wallets in ${onOneLine(directory)}:\n${lines.join('')}`;
}
