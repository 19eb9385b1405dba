import { limits } from '../node/limits.ts';

/** A session to be stored, or the key of one to be removed. */
export type SessionWrite =
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'del'; readonly key: string };

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Writes sessions in the order of the calls. Two concurrent writes may change places in LevelDB's threads, and the session of a slashed
 * validator would come back. So there is one write at a time, a batch of everything that was added during the one before.
 */
export class SessionWrites {
  readonly #write: (batch: SessionWrite[], isSynced: boolean) => Promise<void>;
  #waiting: SessionWrite[] = [];
  #waiters: Waiter[] = [];
  #underWay: Promise<void> | undefined;

  /** @param write writes a batch atomically; when `isSynced`, the batch survives a power cut once the promise resolves */
  constructor(write: (batch: SessionWrite[], isSynced: boolean) => Promise<void>) {
    this.#write = write;
  }

  add(write: SessionWrite): void {
    this.#waiting.push(write);
    this.#underWay ??= this.#writeAll();
  }

  /** Resolves when everything added in this turn of the event loop survives a power cut. Rejects when it could not be written. */
  async synced(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#underWay ??= this.#writeAll();
    });
  }

  /** Resolves when everything added has been written, or has failed. */
  async settled(): Promise<void> {
    if (this.#waiting.length > 0) this.#underWay ??= this.#writeAll();
    await this.#underWay;
  }

  async #writeAll(): Promise<void> {
    // Everything added in one turn of the event loop is written together, so one sync serves all of it.
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
        const isNothingPending = this.#waiting.length === 0 && this.#waiters.length === 0;
        this.#keepRemovals(batch);
        for (const { reject } of waiters) reject(error);
        if (isNothingPending) break;
      }
    }
    this.#underWay = undefined;
  }

  /**
   * Keeps the removals of a failed write for the next one: a removed session must not come back. The additions are dropped: a validator whose
   * session was not stored joins anew.
   */
  #keepRemovals(batch: readonly SessionWrite[]): void {
    const removals = batch.filter(({ type }) => type === 'del');
    this.#waiting = [...removals, ...this.#waiting].slice(-limits.detachedSessionsMax);
  }
}
