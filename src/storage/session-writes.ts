import { limits } from '../node/limits.ts';

/** A seat to be kept, or the key of one to be forgotten. */
export type SessionWrite =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What is to be written of seats, in the order in which it was said. Two writes that are under way at once may change places in LevelDB's
 * threads, and a slashed validator's seat would come back; so there is one at a time, of all that has come meanwhile.
 */
export class SessionWrites {
  readonly #write: (batch: SessionWrite[], isSynced: boolean) => Promise<void>;
  #waiting: SessionWrite[] = [];
  #waiters: Waiter[] = [];
  #underWay: Promise<void> | undefined;

  /** @param write writes a batch as a whole; one that `isSynced` survives a power cut when that resolves */
  constructor(write: (batch: SessionWrite[], isSynced: boolean) => Promise<void>) {
    this.#write = write;
  }

  add(write: SessionWrite): void {
    this.#waiting.push(write);
    this.#underWay ??= this.#writeAll();
  }

  /** Resolves when all that was added in this turn of the event loop survives a power cut; rejects when that could not be written. */
  async synced(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#underWay ??= this.#writeAll();
    });
  }

  /** Resolves when all that was added has been written, or could not be. */
  async settled(): Promise<void> {
    if (this.#waiting.length > 0) this.#underWay ??= this.#writeAll();
    await this.#underWay;
  }

  async #writeAll(): Promise<void> {
    // What is said in one turn is written together: a sync is for all of it.
    await Promise.resolve();
    while (this.#waiting.length > 0 || this.#waiters.length > 0) {
      const batch = this.#waiting;
      const waiters = this.#waiters;
      this.#waiting = [];
      this.#waiters = [];
      try {
        await this.#write(batch, waiters.length > 0);
        for (const { resolve } of waiters) resolve();
      } catch (error) {
        const isAllSaid = this.#waiting.length === 0 && this.#waiters.length === 0;
        this.#remember(batch);
        for (const { reject } of waiters) reject(error);
        if (isAllSaid) break;
      }
    }
    this.#underWay = undefined;
  }

  /**
   * After a failure, the seats that are to be forgotten go with the next write. Of those to be kept nothing is: whoever loses a seat for this
   * joins anew.
   */
  #remember(batch: readonly SessionWrite[]): void {
    const removals = batch.filter(({ type }) => type === 'del');
    this.#waiting = [...removals, ...this.#waiting].slice(-limits.seatsWaitingMax);
  }
}
