import { closeSync, openSync, readSync } from 'node:fs';
import { LF } from '../base/ascii.ts';
import { messageOf } from '../base/error-message.ts';
import { onOneLine } from '../base/escape-for-display.ts';
import { type Answers, decodeAnswer } from './answers.ts';
import { FailedError, UnreadableError, UsageError } from './command-error.ts';
import { limits } from './limits.ts';
import type { OptionForm } from './options.ts';

/** Names a file whose first line is the passphrase. The passphrase itself is no option: the system shows arguments to everybody on the machine. */
export const passphraseForm: OptionForm = { name: 'passphrase-file', example: 'passphrase.txt' };

const question = 'Passphrase: ';
const what = 'the passphrase';

/** Where a passphrase comes from: the file that was named, else the answers. */
export interface PassphraseSource {
  readonly file: string | undefined;
  readonly answers: Answers;
}

/** The passphrase of a wallet that exists. */
export async function readPassphrase({ file, answers }: PassphraseSource): Promise<string> {
  return file === undefined ? answers.askSecret(question, what) : firstLineOf(file);
}

/**
 * A passphrase for a new wallet: at a terminal it is asked for twice, and again where it will not do. Throws a UsageError for one from a file or
 * a pipe that will not do, and a FailedError after too many tries.
 */
export async function readNewPassphrase({ file, answers }: PassphraseSource): Promise<string> {
  if (file !== undefined || !answers.isTerminal) {
    const passphrase = await readPassphrase({ file, answers });
    const fault = findPassphraseFault(passphrase);
    if (fault !== undefined) throw new UsageError(fault);
    return passphrase;
  }
  let hint = `A passphrase of at least ${limits.passphraseMin} characters, which are not shown, will protect the wallet on this machine.\n`;
  for (let tries = 0; tries < limits.answerTriesMax; tries++) {
    const passphrase = await answers.askSecret(`${hint}${question}`, what);
    const fault = findPassphraseFault(passphrase);
    if (fault !== undefined) hint = `That will not do: ${fault}.\n`;
    else if ((await answers.askSecret('Once more, to be sure: ', what)) === passphrase) return passphrase;
    else hint = 'These were two different ones.\n';
  }
  throw new FailedError('stopped after three tries, and nothing was changed');
}

function findPassphraseFault(passphrase: string): string | undefined {
  const { length } = [...passphrase];
  const { passphraseMin, passphraseMax } = limits;
  if (length >= passphraseMin && length <= passphraseMax) return undefined;
  return `a passphrase has ${passphraseMin} to ${passphraseMax} characters, not ${length}`;
}

function firstLineOf(file: string): string {
  const shown = onOneLine(file);
  let bytes: Buffer;
  try {
    bytes = firstBytesOf(file);
  } catch (error) {
    throw new UnreadableError(`the passphrase file ${shown} cannot be read: ${messageOf(error)}`);
  }
  const end = bytes.indexOf(LF);
  const line = decodeAnswer(end === -1 ? bytes : bytes.subarray(0, end + 1));
  if (line === undefined) throw new UsageError(`the passphrase file ${shown} is not text in UTF-8`);
  if (line === '')
    throw new UsageError(`the first line of the passphrase file ${shown} is empty, and should be the passphrase`);
  return line;
}

/** As many bytes of a file, or of a pipe that has a name, as a passphrase can have. */
function firstBytesOf(file: string): Buffer {
  const bytes = Buffer.alloc(limits.answersBytesMax);
  const descriptor = openSync(file, 'r');
  try {
    let length = 0;
    for (;;) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null);
      length += read;
      if (read === 0 || bytes.subarray(0, length).includes(LF)) return bytes.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
}
