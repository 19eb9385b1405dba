import type { Turns } from '../../src/base/run-to-end.ts';
import type { Clock } from '../../src/consensus/clock.ts';

/** Turns that take simulated time: a computation that runs in them does one step a millisecond. */
export class SimulatedTurns implements Turns {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isTurnOver(): boolean {
    return true;
  }

  async yieldToEventLoop(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.wakeAt(this.#clock.monotonicMs() + 1, resolve));
  }
}
