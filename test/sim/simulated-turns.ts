import type { Turns } from '../../src/base/run-to-end.ts';
import type { Clock } from '../../src/consensus/clock.ts';

/** Turns that take simulated time: a computation that runs in them does one step in so many milliseconds. */
export class SimulatedTurns implements Turns {
  readonly #clock: Clock;
  readonly #stepMs: number;

  constructor(clock: Clock, stepMs: number) {
    this.#clock = clock;
    this.#stepMs = stepMs;
  }

  isTurnOver(): boolean {
    return true;
  }

  async yieldToEventLoop(): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.wakeAt(this.#clock.monotonicMs() + this.#stepMs, resolve));
  }
}
