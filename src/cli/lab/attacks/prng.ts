import { drawTicket } from '../../../core/draw.ts';
import { taggedHash } from '../../../core/hash.ts';

/** Dice that fall the same way for the same seed and name, each side equally likely. */
export class Prng {
  readonly #seed: string;
  #throws = 0;

  /** Dice of their own for every name. */
  constructor(seed: string, name: string) {
    this.#seed = taggedHash('seed', 'lab', seed, name);
  }

  /** A number from 0 to `sides` - 1. */
  below(sides: number): number {
    this.#throws += 1;
    return Number(drawTicket(taggedHash('seed', this.#seed, this.#throws), BigInt(sides)));
  }
}
