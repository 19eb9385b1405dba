import { newPhrase } from '../../platform/wallet-keys.ts';
import { withAnswers } from '../answers.ts';
import { exitCodes } from '../exit-codes.ts';
import { walletLine } from '../open-wallet.ts';
import { passphraseForm, readNewPassphrase } from '../passphrase.ts';
import { quoted } from '../start-command.ts';
import { columnsOf, wrapText } from '../wrap-text.ts';
import { makeWallet, readNewName } from './make-wallet.ts';
import type { WalletAction } from './wallet-action.ts';

/** Words in a row: 12 of them make three rows, as on the cards that people write them on. */
const wordsInRow = 4;

export const create: WalletAction = {
  name: 'create',
  usage: 'NAME',
  summary: 'make a wallet, and show the 12 words that bring it back',
  forms: [passphraseForm],
  async run(keystore, options, io) {
    const name = readNewName(keystore, options, 'create');
    const file = options.values.get(passphraseForm.name);
    const passphrase = await withAnswers(io, (answers) => readNewPassphrase({ file, answers }));
    const phrase = newPhrase();
    const { Address, Key } = await makeWallet(keystore, name, { phrase, account: 0, passphrase });
    const path = keystore.fileOf(name);
    if (options.values.has('json')) {
      io.output.write(`${JSON.stringify({ name, address: Address, key: Key, file: path, words: phrase })}\n`);
      return exitCodes.fine;
    }
    const columns = columnsOf(io.output);
    const { paint } = io;
    io.output.write(`Wallet ${name} is made. It is kept in ${quoted(path)}, encrypted with your passphrase.
Its address, which others may know:

  ${paint.bold(Address)}

Its 12 words, which nobody else may see:

${wordRows(phrase)}
`);
    const purpose = `These words are the wallet: they bring it back on any machine, also when the file or the passphrase is lost, and whoever reads them can spend what is in it. Write them on paper, in this order, and do not keep them in a file or a picture. They are not shown again, unless you ask for them with the passphrase:`;
    io.output.write(`${wrapText(purpose, columns)}  ${walletLine(options, 'words', name)}\n`);
    return exitCodes.fine;
  },
};

function wordRows(phrase: string): string {
  const cells = phrase.split(' ').map((word, place) => `${String(place + 1).padStart(3)} ${word.padEnd(9)}`);
  const rows = Array.from({ length: Math.ceil(cells.length / wordsInRow) }, (_, row) =>
    cells.slice(row * wordsInRow, (row + 1) * wordsInRow).join(' '),
  );
  return rows.map((row) => `${row.trimEnd()}\n`).join('');
}
