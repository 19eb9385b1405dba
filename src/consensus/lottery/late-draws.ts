import type { Clock } from '../clock.ts';
import { limits } from './limits.ts';

export interface LateDrawsOptions {
  readonly clock: Clock;
  /** Whether a round has candidates whose draw is not announced yet, and people have not been told why it waits. */
  readonly isOwed: (round: number) => boolean;
  /** Called once for a round whose draw is late. */
  readonly late: (round: number) => void;
}

interface DueRound {
  readonly dueMs: number;
  cancelWake: () => void;
  isTold: boolean;
}

/** Finds the draws that are late: not announced `limits.lateDrawMs` after the end of their round (SPEC 1). */
export class LateDraws {
  readonly #options: LateDrawsOptions;
  /** The rounds whose end is over and that are not settled: at most the one that is being drawn and the one after it. */
  readonly #due = new Map<number, DueRound>();

  constructor(options: LateDrawsOptions) {
    this.#options = options;
  }

  /** A round was due to end at `dueMs`. Only the first such moment of a round counts. */
  expect(round: number, dueMs: number): void {
    if (this.#due.has(round)) return;
    this.#due.set(round, { dueMs, cancelWake: () => undefined, isTold: false });
    this.look(round);
  }

  /** Checks whether the draw of a round is late by now. */
  look(round: number): void {
    const due = this.#due.get(round);
    if (due === undefined || due.isTold) return;
    const { clock, isOwed, late } = this.#options;
    const lateByMs = clock.monotonicMs() - due.dueMs;
    due.cancelWake();
    if (lateByMs <= limits.lateDrawMs) {
      // A timer that wakes early checks again. One more millisecond makes the draw later than the limit.
      due.cancelWake = clock.wakeAt(due.dueMs + limits.lateDrawMs + 1, () => this.look(round));
    } else if (isOwed(round)) {
      due.isTold = true;
      late(round);
    }
  }

  /** A round is over: its draw was announced, or there were no candidates. */
  settle(round: number): void {
    this.#due.get(round)?.cancelWake();
    this.#due.delete(round);
  }

  /** Forgets all rounds and cancels their timers. */
  stop(): void {
    for (const round of [...this.#due.keys()]) this.settle(round);
  }
}
