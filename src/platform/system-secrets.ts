import { hkdfSync, randomBytes } from 'node:crypto';
import type { GroupSigner, Signer } from '../core/keys.ts';
import type { Secrets } from '../node/ports.ts';
import { signerOf } from './ed25519.ts';
import { groupSignerOf } from './group-signer.ts';
import { readSecretFile } from './secret-file.ts';

/** Crockford's base 32: without the letters that look like digits, or like each other. */
const base32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Randomness from the system, and secrets derived from the master secret in a file: hash-chain links and the authority's key (SPEC 4). */
export class SystemSecrets implements Secrets {
  readonly #master: Buffer;

  /** @param master 32 bytes that all secrets of chains are derived from */
  constructor(master: Buffer) {
    this.#master = master;
  }

  /** Secrets that end with the process. */
  static ephemeral(): SystemSecrets {
    return new SystemSecrets(randomBytes(32));
  }

  /**
   * Reads the master secret from its file, or creates both when `mayCreate`. Only the owner may read the file (mode 0600). It is synced to the
   * disk before this returns, because a chain whose commitment is published must never lose the secret behind it. Throws a ChainError, for the
   * operator to read, when there is no usable file.
   */
  static open(file: string, mayCreate: boolean, fresh?: () => Buffer): SystemSecrets {
    const without = 'Without this master secret the chain can be verified but not continued';
    return new SystemSecrets(readSecretFile(file, mayCreate, without, fresh));
  }

  newAddress(): string {
    return randomBytes(32).toString('hex');
  }

  newCode(): string {
    return base32Text(randomBytes(12));
  }

  newSalt(): string {
    return randomBytes(32).toString('hex');
  }

  lastLink(salt: string, series: number): string {
    return this.#derive(salt, `last-link/${series}`).toString('hex');
  }

  authority(salt: string): GroupSigner {
    return groupSignerOf(this.#derive(salt, 'authority'));
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

/** Twelve bytes as characters of Crockford's base 32, in groups of four. */
export function base32Text(bytes: Uint8Array): string {
  const characters = [...bytes].map((byte) => base32[byte % base32.length]);
  return characters.join('').replaceAll(/.{4}(?=.)/g, '$&-');
}
