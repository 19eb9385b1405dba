import { limits } from './limits.ts';
import type { Clock } from './ports.ts';

export interface LateDrawsOptions {
  readonly clock: Clock;
  /** Whether a round has candidates whose draw is still to be announced, and nothing else was said about why it waits. */
  readonly isOwed: (round: number) => boolean;
  /** Called once for a round whose draw is late. */
  readonly late: (round: number) => void;
}

interface DueRound {
  readonly dueMs: number;
  cancelWake: () => void;
  isTold: boolean;
}

/** Finds out which draws are late: those not announced when the end of their round has passed by more than `limits.lateDrawMs` (SPEC 1). */
export class LateDraws {
  readonly #options: LateDrawsOptions;
  /** The rounds that were to end and are not settled; the one that is being drawn and the one after it at most. */
  readonly #due = new Map<number, DueRound>();

  constructor(options: LateDrawsOptions) {
    this.#options = options;
  }

  /** A round was to end at `dueMs`; only the first such moment of a round counts. */
  expect(round: number, dueMs: number): void {
    if (this.#due.has(round)) return;
    this.#due.set(round, { dueMs, cancelWake: () => undefined, isTold: false });
    this.look(round);
  }

  /** Looks whether the draw of a round is late by now. */
  look(round: number): void {
    const due = this.#due.get(round);
    if (due === undefined || due.isTold) return;
    const { clock, isOwed, late } = this.#options;
    const lateByMs = clock.monotonicMs() - due.dueMs;
    due.cancelWake();
    if (lateByMs <= limits.lateDrawMs) {
      // A timer that wakes early asks again; one more millisecond makes it later than the limit and not as late.
      due.cancelWake = clock.wakeAt(due.dueMs + limits.lateDrawMs + 1, () => this.look(round));
    } else if (isOwed(round)) {
      due.isTold = true;
      late(round);
    }
  }

  /** A round is over: its draw was announced, or it had none. */
  settle(round: number): void {
    this.#due.get(round)?.cancelWake();
    this.#due.delete(round);
  }

  /** No draw is waited for any more. */
  stop(): void {
    for (const round of [...this.#due.keys()]) this.settle(round);
  }
}
