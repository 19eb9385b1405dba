import { createHash } from 'node:crypto';
import type { Secrets } from '../../src/engine/ports.ts';

/** Secrets that are the same for the same seed. */
export class SimulatedSecrets implements Secrets {
  readonly #seed: number;
  #addresses = 0;

  constructor(seed: number) {
    this.#seed = seed;
  }

  newAddress(): string {
    this.#addresses += 1;
    return this.#derive(`address ${this.#addresses}`);
  }

  newSalt(): string {
    return this.#derive('salt');
  }

  lastLink(salt: string, chain: number): string {
    return this.#derive(`last link ${salt} ${chain}`);
  }

  #derive(what: string): string {
    return createHash('sha256').update(`${this.#seed} ${what}`).digest('hex');
  }
}
