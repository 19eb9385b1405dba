import { hkdfSync } from 'node:crypto';
import type { GroupSigner } from '../core/keys.ts';
import { ServerWallets } from './server-wallets.ts';
import { base32Text, SystemSecrets } from './system-secrets.ts';

/**
 * Secrets that are the same for the same seed, in the order in which they are asked for: addresses, codes, links and keys. Anybody who knows the seed
 * knows all of them, so they are for tests and lessons alone.
 */
export class SeededSecrets extends SystemSecrets {
  readonly #seed: string;
  readonly #run: number;
  #count = 0;

  /** @param run another number gives other addresses and codes, so that a chain that goes on does not give the first ones again */
  constructor(seed: string, run = 0) {
    super(masterSecretOf(seed));
    this.#seed = seed;
    this.#run = run;
  }

  override newAddress(): string {
    return this.#next(32).toString('hex');
  }

  override newCode(): string {
    return base32Text(this.#next(12));
  }

  override newSalt(): string {
    return this.#next(32).toString('hex');
  }

  /** Signs in this thread: others would be done at another moment each time. */
  override authority(salt: string): GroupSigner {
    const signer = super.authority(salt);
    return { ...signer, signAll: async (messages) => messages.map(signer.sign) };
  }

  #next(length: number): Buffer {
    this.#count += 1;
    return bytesOf(this.#seed, `random/${this.#run}/${this.#count}`, length);
  }
}

/** The wallets of a server that are the same for the same seed. */
export function seededWallets(seed: string): ServerWallets {
  return new ServerWallets(walletSecretOf(seed));
}

/** What the secrets of a chain are derived from. */
export function masterSecretOf(seed: string): Buffer {
  return bytesOf(seed, 'master', 32);
}

/** What the wallets of a server are derived from. */
export function walletSecretOf(seed: string): Buffer {
  return bytesOf(seed, 'wallets', 32);
}

/** HKDF-SHA-256 (RFC 5869) of the text. */
function bytesOf(seed: string, label: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(seed), '', `sortition/2/seed/${label}`, length));
}
