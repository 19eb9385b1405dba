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
  #count = 0;

  constructor(seed: string) {
    super(bytesOf(seed, 'master', 32));
    this.#seed = seed;
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
    return bytesOf(this.#seed, `random/${this.#count}`, length);
  }
}

/** The wallets of a server that are the same for the same seed. */
export function seededWallets(seed: string): ServerWallets {
  return new ServerWallets(bytesOf(seed, 'wallets', 32));
}

/** HKDF-SHA-256 (RFC 5869) of the text. */
function bytesOf(seed: string, label: string, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(seed), '', `sortition/2/seed/${label}`, length));
}
