import { limits } from '../../limits.ts';
import type { Change } from './log-entry.ts';
import type { OrderedLog } from './ordered-log.ts';

interface Waiting<Outcome> {
  readonly change: Change;
  /** The position up to which the log had been read. */
  readonly read: number;
  readonly settle: (outcome: Outcome) => void;
  readonly fail: (error: Error) => void;
}

/**
 * What people do at this door, on its way into the log and back: in batches, one after the other, because a batch costs the log as much as a
 * single change does.
 */
export class ChangeQueue<Outcome> {
  readonly #log: OrderedLog;
  #next: Waiting<Outcome>[] = [];
  /** Batches that were written and have not come back. */
  readonly #written = new Map<number, readonly Waiting<Outcome>[]>();
  #sequence = 0;
  #read = 0;
  #size = 0;
  #wake: () => void = () => undefined;
  #isClosed = false;

  constructor(log: OrderedLog) {
    this.#log = log;
  }

  /** Changes that have not come back. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds a change. Resolves with what became of it by the order of the log; rejects when this door stops before. Undefined where too many wait.
   * @param isNeeded true for what must not be refused: a slash, a seat
   */
  add(change: Change, isNeeded: true): Promise<Outcome>;
  add(change: Change, isNeeded?: false): Promise<Outcome> | undefined;
  add(change: Change, isNeeded = false): Promise<Outcome> | undefined {
    if (!isNeeded && this.#size >= limits.queueLengthMax) return undefined;
    if (this.#isClosed) return Promise.reject(new Error('this door is stopped'));
    const settled = new Promise<Outcome>((settle, fail) => {
      this.#next.push({ change, read: this.#read, settle, fail });
    });
    // Not everything that is written is waited for.
    settled.catch(() => undefined);
    this.#size += 1;
    this.#wake();
    return settled;
  }

  /** Writes batches until `stopping` is aborted. What has not come back by then is not known to be in the log. */
  async run(stopping: AbortSignal): Promise<void> {
    const stop = (): void => this.#wake();
    stopping.addEventListener('abort', stop, { once: true });
    while (!stopping.aborted) {
      if (this.#next.length === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const batch = this.#next.splice(0, limits.batchLengthMax);
      this.#sequence += 1;
      this.#written.set(this.#sequence, batch);
      const changes = batch.map(({ change }) => change);
      await this.#log.append({ read: batch[0]?.read ?? this.#read, changes }, this.#sequence, stopping);
    }
    this.#isClosed = true;
    const unknown = new Error('this door was stopped before the log said what became of that');
    for (const { fail } of [...[...this.#written.values()].flat(), ...this.#next]) fail(unknown);
  }

  /** The log has been read up to a position. */
  readTo(position: number): void {
    this.#read = position;
  }

  /** A batch has come back from the log. */
  settle(sequence: number, outcomes: readonly Outcome[]): void {
    const batch = this.#written.get(sequence) ?? [];
    this.#written.delete(sequence);
    this.#size -= batch.length;
    for (const [place, { settle }] of batch.entries()) {
      const outcome = outcomes[place];
      if (outcome !== undefined) settle(outcome);
    }
  }
}
