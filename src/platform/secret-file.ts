import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../base/error-message.ts';
import { isHash } from '../core/hash.ts';
import { ChainError } from '../node/ports.ts';
import { isDiskFull } from './disk-full.ts';
import { makeDirectory } from './make-directory.ts';
import { writeWholeFile } from './whole-file.ts';

/**
 * Reads a secret of 32 bytes from its file, or creates both when `mayCreate`. Only the owner may read the file (mode 0600). It is synced to the disk
 * before this returns, because what is derived from it is published. Throws a ChainError, for the operator to read, when there is no usable file.
 * @param without what cannot be done without this secret, as a sentence without its full stop
 * @param fresh makes a new secret
 */
export function readSecretFile(
  file: string,
  mayCreate: boolean,
  without: string,
  fresh: () => Buffer = () => randomBytes(32),
): Buffer {
  const text = readPrivateText(file) ?? (mayCreate ? create(file, fresh()) : undefined);
  if (text === undefined) {
    throw new ChainError(
      `${file} is missing. ${without}: put the file back, or begin a new chain with another --data-dir`,
    );
  }
  if (!isHash(text)) throw new ChainError(`${file} is damaged: it must hold 64 hex digits`);
  return Buffer.from(text, 'hex');
}

/** What is in a file that is for its owner alone; undefined where there is none. Throws a ChainError when it cannot be read. */
export function readPrivateText(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    // A restored backup may be readable for others.
    if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
    return text;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new ChainError(`${file} cannot be read: ${messageOf(error)}`);
  }
}

function create(file: string, secret: Buffer): string {
  const text = secret.toString('hex');
  writePrivateText(file, text);
  return text;
}

/** Writes a line to a file for its owner alone (mode 0600), which then survives a power cut. Throws a ChainError when that fails. */
export function writePrivateText(file: string, text: string): void {
  try {
    makeDirectory(dirname(file));
    writeWholeFile(file, `${text}\n`, 0o600);
  } catch (error) {
    const cure = isDiskFull(error) ? '. Free space on that disk, and start again' : '';
    throw new ChainError(`${file} cannot be written: ${messageOf(error)}${cure}`);
  }
}
