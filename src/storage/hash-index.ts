/**
 * Which block has which hash. Made when it is first asked, from the texts of all blocks, and kept up from then on: most servers are never asked, and
 * an entry takes about a hundred bytes.
 */
export class HashIndex {
  readonly #read: () => AsyncIterable<readonly string[]>;
  readonly #indexes = new Map<string, number>();
  /** How many blocks have been looked at. */
  #count = 0;
  /** How often blocks were replaced. */
  #generation = 0;
  #lastUpdate: Promise<void> = Promise.resolve();

  /** @param read gives the texts of all blocks from one on, in order, in batches */
  constructor(readFrom: (first: number) => AsyncIterable<readonly string[]>) {
    this.#read = () => readFrom(this.#count);
  }

  /** The index of the block with a hash; undefined when there is none. Rejects as the reading does. */
  async find(hash: string): Promise<number | undefined> {
    const known = this.#indexes.get(hash);
    if (known !== undefined) return known;
    // One at a time: two that read at once would count blocks twice.
    const update = this.#lastUpdate.then(() => this.#update());
    this.#lastUpdate = update.catch(() => undefined);
    await update;
    return this.#indexes.get(hash);
  }

  /** The blocks from `first` on are others now, or gone. */
  truncate(first: number): void {
    for (const [hash, index] of this.#indexes) if (index >= first) this.#indexes.delete(hash);
    this.#count = Math.min(this.#count, first);
    this.#generation += 1;
  }

  async #update(): Promise<void> {
    const generation = this.#generation;
    for await (const batch of this.#read()) {
      // What is read was replaced meanwhile: the next question begins anew.
      if (generation !== this.#generation) return;
      for (const text of batch) {
        const [, hash] = /"Hash":"([0-9a-f]{64})"/.exec(text) ?? [];
        if (hash !== undefined) this.#indexes.set(hash, this.#count);
        this.#count += 1;
      }
    }
  }
}
