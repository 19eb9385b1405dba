import { createHash } from 'node:crypto';
import type { GroupSigner, Signer } from '../../src/core/keys.ts';
import type { Secrets } from '../../src/node/ports.ts';
import { signerOf } from '../../src/platform/ed25519.ts';

/** Secrets that are the same for the same seed. */
export class SimulatedSecrets implements Secrets {
  readonly #addressSeed: number;
  readonly #masterSeed: number;
  #addresses = 0;
  #codes = 0;

  constructor(addressSeed: number, masterSeed: number) {
    this.#addressSeed = addressSeed;
    this.#masterSeed = masterSeed;
  }

  newAddress(): string {
    this.#addresses += 1;
    return digest(`${this.#addressSeed} address ${this.#addresses}`);
  }

  newCode(): string {
    this.#codes += 1;
    return digest(`${this.#addressSeed} code ${this.#codes}`).slice(0, 12);
  }

  newSalt(): string {
    return digest(`${this.#masterSeed} salt`);
  }

  lastLink(salt: string, series: number): string {
    return digest(`${this.#masterSeed} last link ${salt} ${series}`);
  }

  miner(chainId: string): Signer {
    return signerOf(Buffer.from(digest(`${this.#masterSeed} miner ${chainId}`), 'hex'));
  }

  /** Its background is the simulation's own: a thread would be done at another moment each time. */
  authority(salt: string): GroupSigner {
    const signer = signerOf(Buffer.from(digest(`${this.#masterSeed} authority ${salt}`), 'hex'));
    return { ...signer, signAll: async (messages) => messages.map(signer.sign) };
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
