import { drawTicket } from '../../../core/draw.ts';
import { taggedHash } from '../../../core/hash.ts';

/** A fraction takes the 52 bits of so many hex digits; a hash has room for four. */
const fractionDigits = 13;
const fractionsPerHash = 4;

/** Pseudorandom numbers for the models of the attacks: the same for the same seed and name, each value equally likely. */
export class Prng {
  readonly #seed: string;
  #count = 0;
  /** Fractions of the last hash that have not been used yet. */
  #fractions: number[] = [];

  /** Every name has a sequence of its own. */
  constructor(seed: string, name: string) {
    this.#seed = taggedHash('seed', 'lab', seed, name);
  }

  /** A number from 0 to `limit` - 1. */
  below(limit: number): number {
    return Number(drawTicket(this.#nextHash(), BigInt(limit)));
  }

  /** A number from 0 to just below 1. It costs a fifth of what `below` does. */
  fraction(): number {
    const fraction = this.#fractions.pop();
    if (fraction !== undefined) return fraction;
    const hash = this.#nextHash();
    this.#fractions = Array.from(
      { length: fractionsPerHash },
      (_, place) => Number.parseInt(hash.substr(place * fractionDigits, fractionDigits), 16) / 16 ** fractionDigits,
    );
    return this.fraction();
  }

  #nextHash(): string {
    this.#count += 1;
    return taggedHash('seed', this.#seed, this.#count);
  }
}
