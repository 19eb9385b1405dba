/** Deterministic randomness for simulations: SplitMix32 (Steele, Lea, Flood 2014). The same seed always gives the same rolls. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 to `sides` - 1. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let mixed = this.#state ^ (this.#state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    mixed ^= mixed >>> 15;
    return Math.floor(((mixed >>> 0) / 0x1_0000_0000) * sides);
  }

  /** True once in `sides` times. */
  once(sides: number): boolean {
    return this.roll(sides) === 0;
  }

  /** One of the given things. */
  pick<T>(things: readonly T[]): T {
    const thing = things[this.roll(things.length)];
    if (thing === undefined) throw new Error('nothing to pick from');
    return thing;
  }
}
