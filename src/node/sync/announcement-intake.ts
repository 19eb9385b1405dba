import type { Clock } from '../../consensus/clock.ts';
import { Budget } from './budget.ts';
import { limits } from './limits.ts';

/** Counts what peers announce, so that none of them can keep a node busy with judging. */
export class AnnouncementIntake {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #budgets = new Map<string, { readonly count: Budget; readonly bytes: Budget }>();

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** Counts an announcement of a peer. Returns false where the peer has sent more than an honest one passes on. */
  take(peer: string, bytes: number): boolean {
    const nowMs = this.#clock.monotonicMs();
    const budgets = this.#budgets.get(peer) ?? {
      count: new Budget(limits.announcementsPerSecondMax, limits.announcementBurst),
      bytes: new Budget(limits.announcedBytesPerSecondMax, limits.announcedBurstBytes),
    };
    this.#budgets.set(peer, budgets);
    if (budgets.count.waitMs(1, nowMs) > 0 || budgets.bytes.waitMs(bytes, nowMs) > 0) return false;
    budgets.count.spend(1, nowMs);
    budgets.bytes.spend(bytes, nowMs);
    return true;
  }

  /** The peer is gone. */
  forget(peer: string): void {
    this.#budgets.delete(peer);
  }
}
