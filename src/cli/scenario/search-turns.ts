import type { Turns } from '../../base/run-to-end.ts';
import type { Clock } from '../../consensus/clock.ts';

/** Turns of a search that take time of the scenario, so that it ends at the same moment each time. */
export class SearchTurns implements Turns {
  readonly #clock: Clock;
  readonly #turnMs: number;

  constructor(clock: Clock, turnMs: number) {
    this.#clock = clock;
    this.#turnMs = turnMs;
  }

  /** Always: a turn is one range of nonces. */
  isTurnOver(): boolean {
    return true;
  }

  async yieldToEventLoop(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.wakeAt(this.#clock.monotonicMs() + this.#turnMs, resolve));
  }
}
