import { drawTicket } from '../../../core/draw.ts';
import { taggedHash } from '../../../core/hash.ts';

/** Pseudorandom numbers for the models of the attacks: the same for the same seed and name, each value equally likely. */
export class Prng {
  readonly #seed: string;
  #count = 0;

  /** Every name has a sequence of its own. */
  constructor(seed: string, name: string) {
    this.#seed = taggedHash('seed', 'lab', seed, name);
  }

  /** A number from 0 to `limit` - 1. */
  below(limit: number): number {
    this.#count += 1;
    return Number(drawTicket(taggedHash('seed', this.#seed, this.#count), BigInt(limit)));
  }
}
