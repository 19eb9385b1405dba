import { setImmediate as turn } from 'node:timers/promises';
import type { Turns } from '../base/run-to-end.ts';
import { limits } from './limits.ts';

/** The turns of the event loop, `limits.turnMs` each for those who compute for long. */
export class SystemTurns implements Turns {
  readonly #nowMs: () => number;
  #beganMs = Number.NEGATIVE_INFINITY;

  /** @param nowMs a clock that never goes back, ms */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  async turn(): Promise<void> {
    await turn();
    this.#beganMs = this.#nowMs();
  }

  /** By the last turn that began here. Whoever begins without one is given a new one first: how long this one has lasted is not known. */
  isTurnOver(): boolean {
    return this.#nowMs() - this.#beganMs >= limits.turnMs;
  }
}
