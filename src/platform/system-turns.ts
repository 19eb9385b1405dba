import { setImmediate as turn } from 'node:timers/promises';
import type { Turns } from '../base/run-to-end.ts';
import { limits } from './limits.ts';

/** Yields to the event loop, for computations that run longer than `limits.turnMs`. */
export class SystemTurns implements Turns {
  readonly #nowMs: () => number;
  #beganMs = Number.NEGATIVE_INFINITY;

  /** @param nowMs a clock that never goes back, ms */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  async yieldToEventLoop(): Promise<void> {
    await turn();
    this.#beganMs = this.#nowMs();
  }

  /** Measures from the last turn that began here. Before the first one it is true, because the age of the current turn is not known. */
  isTurnOver(): boolean {
    return this.#nowMs() - this.#beganMs >= limits.turnMs;
  }
}
