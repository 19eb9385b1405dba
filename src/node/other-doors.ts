import type { Change, LoggedSeat } from '../consensus/lottery/replicated/log-entry.ts';
import type { Outcome } from '../consensus/lottery/replicated/log-state.ts';
import type { LogRecord, StandingSeat } from '../consensus/lottery/replicated/ordered-log.ts';
import type { SeatListener } from '../consensus/lottery/replicated/replicated-engine.ts';
import type { Membership } from './membership.ts';
import type { ResumableSessions } from './resumable-sessions.ts';

export interface OtherDoorsPorts {
  readonly sessions: ResumableSessions;
  readonly members: Pick<Membership, 'moveAway'>;
  readonly isWaiting: (validator: string) => boolean;
  readonly standing: readonly StandingSeat[];
}

type LoggedBatch = Extract<LogRecord, { readonly kind: 'batch' }>;

/** What people do with their seats at other doors: this one knows all seats, and lets go of a person who has come back elsewhere. */
export class OtherDoors implements SeatListener {
  readonly #ports: OtherDoorsPorts;
  /** The door that holds a seat, by the hash of its code. */
  readonly #holders = new Map<string, string>();

  constructor(ports: OtherDoorsPorts) {
    this.#ports = ports;
    for (const { codeHash, heldBy } of ports.standing) if (heldBy !== undefined) this.#holders.set(codeHash, heldBy);
  }

  onBatch({ changes, door }: LoggedBatch, outcomes: readonly Outcome[], isOwn: boolean): void {
    for (const [place, change] of changes.entries()) {
      if (outcomes[place]?.kind !== 'void seat') this.#apply(change, door, isOwn);
      else if (isOwn && change.kind === 'seat') this.#ports.sessions.storeAgain(change.seat.codeHash);
    }
  }

  /** The people of a door that is gone may come back through any other. */
  onDoorGone(door: string): void {
    for (const [codeHash, holder] of this.#holders) {
      if (holder !== door) continue;
      this.#holders.delete(codeHash);
      this.#ports.sessions.leftElsewhere(codeHash);
    }
  }

  #apply(change: Change, door: string, isOwn: boolean): void {
    const { sessions, members } = this.#ports;
    switch (change.kind) {
      case 'withdrawn':
        // The person may have come here at the moment of the slash, or the seat elsewhere a moment before one here: the log has the last word.
        if (sessions.slashedElsewhere(change.validator)) members.moveAway(change.validator, false);
        return;
      case 'seat':
        this.#holders.set(change.seat.codeHash, door);
        if (!isOwn) this.#heldElsewhere(change.seat);
        return;
      case 'seat-left':
        // A person who has come back through another door in the meantime is still there.
        if (this.#holders.get(change.seat.codeHash) !== door) return;
        this.#holders.delete(change.seat.codeHash);
        if (!isOwn) sessions.leftElsewhere(change.seat.codeHash);
        return;
      case 'seat-gone':
        this.#holders.delete(change.codeHash);
        sessions.forget(change.codeHash);
        return;
      default:
        return;
    }
  }

  #heldElsewhere(seat: LoggedSeat): void {
    const { sessions, members, isWaiting } = this.#ports;
    sessions.learn(seat, true);
    const validator = sessions.heldElsewhere(seat.codeHash);
    if (validator !== undefined) members.moveAway(validator, isWaiting(validator));
  }
}
