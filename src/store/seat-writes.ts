/** A seat to be kept, or the key of one to be forgotten. */
export type SeatWrite =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

/**
 * What is to be written of seats, in the order in which it was said. Two writes that are under way at once may change places in LevelDB's
 * threads, and a slashed validator's seat would come back; so there is one at a time, of all that has come meanwhile.
 */
export class SeatWrites {
  readonly #write: (batch: SeatWrite[]) => Promise<void>;
  #waiting: SeatWrite[] = [];
  #underWay: Promise<void> | undefined;

  constructor(write: (batch: SeatWrite[]) => Promise<void>) {
    this.#write = write;
  }

  add(write: SeatWrite): void {
    this.#waiting.push(write);
    this.#underWay ??= this.#writeAll();
  }

  /** Resolves when all that was added has been written, or could not be. */
  async settled(): Promise<void> {
    await this.#underWay;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      // Whoever loses a seat for this joins anew; a block that cannot be stored is told by `append`.
      await this.#write(batch).catch(() => undefined);
    }
    this.#underWay = undefined;
  }
}
