import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Signer } from '../core/keys.ts';
import type { Wallets } from '../node/ports.ts';
import { readSecretFile } from './secret-file.ts';
import { base32Text } from './system-secrets.ts';
import { serverPhrase, walletSigner } from './wallet-keys.ts';

/** The numbered wallets of a server, all derived from the secret in its file `wallet-secret` (SPEC 6). */
export class ServerWallets implements Wallets {
  readonly #secret: Buffer;

  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /** Reads the secret from its file, or creates both when `mayCreate`. Throws a ChainError, for the operator to read, when there is no usable file. */
  static open(file: string, mayCreate: boolean, fresh?: () => Buffer): ServerWallets {
    const without = 'Without it nobody can come back to a wallet of this server, and its faucet can grant nothing';
    return new ServerWallets(readSecretFile(file, mayCreate, without, fresh));
  }

  signer(number: number): Signer {
    return walletSigner(this.phrase(number), 0);
  }

  phrase(number: number): string {
    return serverPhrase(this.#secret, number);
  }

  /** The number, and 60 bits that only this server can derive from it. */
  loginCode(number: number): string {
    const digest = createHmac('sha256', this.#secret).update(`login/${number}`).digest();
    return `${number}-${base32Text(digest.subarray(0, 12))}`;
  }

  numberOf(code: string): number | undefined {
    const [, digits, rest] = /^([0-9]{1,9})-(.+)$/.exec(code.trim()) ?? [];
    if (digits === undefined || rest === undefined) return undefined;
    const number = Number(digits);
    const [expected, given] = [this.loginCode(number).slice(String(number).length + 1), rest].map((text) =>
      createHmac('sha256', this.#secret).update(plain(text)).digest(),
    );
    if (expected === undefined || given === undefined || !timingSafeEqual(expected, given)) return undefined;
    return number;
  }
}

/** Codes are read as people copy them: in any case, with or without dashes, and O for 0, I and L for 1. */
function plain(code: string): string {
  return code.toUpperCase().replaceAll(/[-\s]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}
