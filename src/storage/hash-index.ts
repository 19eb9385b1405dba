import { limits } from './limits.ts';

/** The last hex digits of a hash, which are kept in memory: the first are zeros in a chain of work. */
const keptDigits = 8;

/**
 * Which block has which hash. Made when it is first asked, from the texts of all blocks, and kept up from then on: most servers are never asked. An entry
 * takes 16 bytes at most, for only the end of a hash is kept: whether a block has the hash that is asked for, its text says.
 */
export class HashIndex {
  readonly #readFrom: (first: number) => AsyncIterable<readonly string[]>;
  readonly #block: (index: number) => Promise<string | undefined>;
  /** Ends of hashes, and one more than the index of the block of each, by open addressing: 0 is a free place. */
  #ends = new Uint32Array(limits.hashPlacesMin);
  #places = new Uint32Array(limits.hashPlacesMin);
  #used = 0;
  /** How many blocks have been looked at. */
  #count = 0;
  /** How often blocks were replaced. */
  #generation = 0;
  #lastUpdate: Promise<void> = Promise.resolve();

  /**
   * @param readFrom gives the texts of all blocks from one on, in order, in batches
   * @param block gives the text of one
   */
  constructor(
    readFrom: (first: number) => AsyncIterable<readonly string[]>,
    block: (index: number) => Promise<string | undefined>,
  ) {
    this.#readFrom = readFrom;
    this.#block = block;
  }

  /** The text of the block with a hash; undefined when there is none. Rejects as the reading does. */
  async find(hash: string): Promise<string | undefined> {
    const known = await this.#look(hash);
    if (known !== undefined) return known;
    // One at a time: two that read at once would count blocks twice.
    const update = this.#lastUpdate.then(() => this.#update());
    this.#lastUpdate = update.catch(() => undefined);
    await update;
    return this.#look(hash);
  }

  /** The blocks from `first` on are others now, or gone. What is known of them is wrong, and their texts say so. */
  truncate(first: number): void {
    this.#count = Math.min(this.#count, first);
    this.#generation += 1;
  }

  async #look(hash: string): Promise<string | undefined> {
    const end = endOf(hash);
    for (const index of this.#candidates(end)) {
      const text = await this.#block(index);
      if (text !== undefined && hashIn(text) === hash) return text;
    }
    return undefined;
  }

  /** The blocks whose hash ends so. */
  #candidates(end: number): readonly number[] {
    const found: number[] = [];
    const mask = this.#places.length - 1;
    for (let at = end & mask; this.#places[at] !== 0; at = (at + 1) & mask) {
      if (this.#ends[at] === end) found.push((this.#places[at] ?? 0) - 1);
    }
    return found;
  }

  async #update(): Promise<void> {
    const generation = this.#generation;
    for await (const batch of this.#readFrom(this.#count)) {
      // What is read was replaced meanwhile: the next question begins anew.
      if (generation !== this.#generation) return;
      for (const text of batch) {
        const hash = hashIn(text);
        if (hash !== undefined) this.#add(endOf(hash), this.#count + 1);
        this.#count += 1;
      }
    }
  }

  #add(end: number, place: number): void {
    if (2 * this.#used >= this.#places.length) this.#grow();
    const mask = this.#places.length - 1;
    let at = end & mask;
    while (this.#places[at] !== 0) at = (at + 1) & mask;
    this.#ends[at] = end;
    this.#places[at] = place;
    this.#used += 1;
  }

  #grow(): void {
    const [ends, places] = [this.#ends, this.#places];
    this.#ends = new Uint32Array(2 * ends.length);
    this.#places = new Uint32Array(2 * places.length);
    this.#used = 0;
    for (const [at, place] of places.entries()) if (place !== 0) this.#add(ends[at] ?? 0, place);
  }
}

function endOf(hash: string): number {
  return Number.parseInt(hash.slice(-keptDigits), 16);
}

/** The Hash of a block by its text. */
function hashIn(text: string): string | undefined {
  return /"Hash":"([0-9a-f]{64})"/.exec(text)?.[1];
}
