import { limits as platformLimits } from '../../platform/limits.ts';
import { parsePhrase } from '../../platform/wallet-keys.ts';
import { type Answers, withAnswers } from '../answers.ts';
import { FailedError, UsageError } from '../command-error.ts';
import { exitCodes } from '../exit-codes.ts';
import { limits } from '../limits.ts';
import { type OptionForm, readWhole } from '../options.ts';
import { passphraseForm, readNewPassphrase } from '../passphrase.ts';
import { quoted } from '../start-command.ts';
import { makeWallet, readNewName } from './make-wallet.ts';
import type { WalletAction } from './wallet-action.ts';

const forms: readonly OptionForm[] = [passphraseForm, { name: 'account', example: '1' }];

export const importWallet: WalletAction = {
  name: 'import',
  usage: 'NAME',
  summary: 'bring a wallet back from its words',
  forms,
  async run(keystore, options, io) {
    const { values } = options;
    const name = readNewName(keystore, options, 'import');
    const accountRange = [0n, BigInt(platformLimits.walletAccountMax)] as const;
    const account = Number(readWhole(forms, 'account', values.get('account') ?? '0', accountRange));
    const file = values.get(passphraseForm.name);
    const parts = await withAnswers(io, async (answers) => ({
      phrase: await readPhrase(answers, file !== undefined),
      passphrase: await readNewPassphrase({ file, answers }),
    }));
    const { Address, Key } = await makeWallet(keystore, name, { ...parts, account });
    const path = keystore.fileOf(name);
    io.output.write(
      values.has('json')
        ? `${JSON.stringify({ name, address: Address, key: Key, file: path })}\n`
        : `Wallet ${name} is back. It is kept in ${quoted(path)}, encrypted with your passphrase.\nIts address: ${Address}\n`,
    );
    return exitCodes.fine;
  },
};

/** Reads the words. Where the passphrase comes from a file, all of a pipe is words, on as many lines as they like; else they are its first line. */
async function readPhrase(answers: Answers, hasPipeAlone: boolean): Promise<string> {
  const question = 'The words of the wallet, in their order: ';
  for (let tries = 1; ; tries++) {
    const text = await (hasPipeAlone
      ? answers.askRest(question, 'the words')
      : answers.ask(tries === 1 ? question : `Once more: `, 'the words'));
    const parsed = parsePhrase(text);
    if ('value' in parsed) return parsed.value;
    const why = `these are not the words of a wallet: ${parsed.why}`;
    if (!answers.isTerminal) throw new UsageError(why);
    if (tries === limits.answerTriesMax) throw new FailedError(why);
    answers.say(`T${why.slice(1)}.\n`);
  }
}
