import { hkdfSync, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf } from '../base/error-message.ts';
import { isHash } from '../core/hash.ts';
import type { Signer } from '../core/keys.ts';
import { ChainError, type Secrets } from '../node/ports.ts';
import { isDiskFull } from './disk-full.ts';
import { signerOf } from './ed25519.ts';
import { makeDirectory } from './make-directory.ts';
import { writeWholeFile } from './whole-file.ts';

/** Crockford's base 32: without the letters that look like digits, or like each other. */
const base32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Randomness from the system, and secrets derived from the master secret in a file: hash-chain links and the authority's key (SPEC 4). */
export class SystemSecrets implements Secrets {
  readonly #master: Buffer;

  private constructor(master: Buffer) {
    this.#master = master;
  }

  /**
   * Reads the master secret from its file, or creates both when `mayCreate`. Only the owner may read the file (mode 0600). It is synced to the
   * disk before this returns, because a chain whose commitment is published must never lose the secret behind it. Throws a ChainError, for the
   * operator to read, when there is no usable file.
   */
  static open(file: string, mayCreate: boolean): SystemSecrets {
    const text = read(file) ?? (mayCreate ? create(file) : undefined);
    if (text === undefined) {
      throw new ChainError(
        `${file} is missing. Without this master secret the chain can be verified but not continued: put the file back, or begin a new chain with another --data-dir`,
      );
    }
    if (!isHash(text)) throw new ChainError(`${file} is damaged: it must hold 64 hex digits`);
    return new SystemSecrets(Buffer.from(text, 'hex'));
  }

  newAddress(): string {
    return randomBytes(32).toString('hex');
  }

  newCode(): string {
    const characters = [...randomBytes(12)].map((byte) => base32[byte % base32.length]);
    return characters.join('').replaceAll(/.{4}(?=.)/g, '$&-');
  }

  newSalt(): string {
    return randomBytes(32).toString('hex');
  }

  lastLink(salt: string, series: number): string {
    return this.#derive(salt, `last-link/${series}`).toString('hex');
  }

  authority(salt: string): Signer {
    return signerOf(this.#derive(salt, 'authority'));
  }

  miner(chainId: string): Signer {
    return signerOf(this.#derive(chainId, 'miner'));
  }

  /**
   * HKDF-SHA-256 (RFC 5869) of the master secret with the salt of the chain, and `sortition/2/<label>` as its info. Each label gives
   * independent 32 bytes: knowing all links of one series reveals nothing about the next, or about the key.
   */
  #derive(salt: string, label: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#master, Buffer.from(salt, 'hex'), `sortition/2/${label}`, 32));
  }
}

function read(file: string): string | undefined {
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

function create(file: string): string {
  const text = randomBytes(32).toString('hex');
  try {
    makeDirectory(dirname(file));
    writeWholeFile(file, `${text}\n`, 0o600);
  } catch (error) {
    const cure = isDiskFull(error) ? '. Free space on that disk, and start again' : '';
    throw new ChainError(`${file} cannot be written: ${messageOf(error)}${cure}`);
  }
  return text;
}
