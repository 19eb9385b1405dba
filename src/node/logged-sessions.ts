import type { ChangeQueue } from '../consensus/lottery/replicated/change-queue.ts';
import type { LoggedSeat } from '../consensus/lottery/replicated/log-entry.ts';
import type { Outcome } from '../consensus/lottery/replicated/log-state.ts';
import type { StandingSeat } from '../consensus/lottery/replicated/ordered-log.ts';
import type { ResumableSession, ResumableSessionStore, StoredSession } from './ports.ts';

/** Keeps the sessions of this door in the log of all doors, so that people can come back through any of them. */
export class LoggedSessions implements ResumableSessionStore {
  readonly #changes: ChangeQueue<Outcome>;
  readonly #standing: readonly StandingSeat[];
  #lastWrite: Promise<unknown> = Promise.resolve();

  /** @param standing the seats of all doors as the log has them now */
  constructor(changes: ChangeQueue<Outcome>, standing: readonly StandingSeat[]) {
    this.#changes = changes;
    this.#standing = standing;
  }

  async sessions(): Promise<readonly StoredSession[]> {
    return this.#standing.map(({ heldBy, ...seat }) => ({ ...seat, isHeldElsewhere: heldBy !== undefined }));
  }

  saveSession(session: ResumableSession): void {
    this.#lastWrite = this.#changes.add({ kind: 'seat', seat: seatOf(session) }, true);
  }

  removeSession(codeHash: string): void {
    this.#lastWrite = this.#changes.add({ kind: 'seat-gone', codeHash }, true);
  }

  sessionHeld(session: ResumableSession): void {
    this.saveSession(session);
  }

  sessionLeft(session: ResumableSession): void {
    this.#lastWrite = this.#changes.add({ kind: 'seat-left', seat: seatOf(session) }, true);
  }

  /** Changes come back in the order in which they were written. */
  async sessionsSynced(): Promise<void> {
    await this.#lastWrite;
  }
}

function seatOf({ codeHash, address, stake, strikes }: ResumableSession): LoggedSeat {
  return { codeHash, address, stake, strikes };
}
