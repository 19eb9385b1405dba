import type { Clock } from '../../src/consensus/clock.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** The clock of one process among others that share a simulated time. When the process is killed, whatever it still had to do is never done. */
export class ProcessClock implements Clock {
  readonly #shared: SimulatedClock;
  #isKilled = false;

  constructor(shared: SimulatedClock) {
    this.#shared = shared;
  }

  kill(): void {
    this.#isKilled = true;
  }

  monotonicMs(): number {
    return this.#shared.monotonicMs();
  }

  timestamp(): string {
    return this.#shared.timestamp();
  }

  wakeAt(monotonicMs: number, wake: () => void): () => void {
    return this.#shared.wakeAt(monotonicMs, () => {
      if (!this.#isKilled) wake();
    });
  }

  async yieldToEventLoop(): Promise<void> {
    await new Promise<void>((resolve) => this.wakeAt(this.monotonicMs(), resolve));
  }

  isTurnOver(): boolean {
    return this.#shared.isTurnOver();
  }
}
