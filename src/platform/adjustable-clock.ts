import type { Clock } from '../consensus/clock.ts';
import type { TimeControl } from '../node/sandbox.ts';

interface Wake {
  readonly atMs: number;
  readonly wake: () => void;
  cancel: () => void;
}

/** A clock that runs beside another one, and can be put forward and set. */
export class AdjustableClock implements Clock, TimeControl {
  readonly #clock: Clock;
  /** How far the monotonic clock is ahead of the other one, and the wall clock of its. */
  #aheadMs = 0;
  #wallAheadMs = 0;
  readonly #wakes = new Set<Wake>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs() + this.#aheadMs;
  }

  timestamp(): string {
    return new Date(Date.parse(this.#clock.timestamp()) + this.#wallAheadMs).toISOString();
  }

  wakeAt(monotonicMs: number, wake: () => void): () => void {
    const entry: Wake = { atMs: monotonicMs, wake, cancel: () => undefined };
    this.#wakes.add(entry);
    this.#arm(entry);
    return () => {
      this.#wakes.delete(entry);
      entry.cancel();
    };
  }

  async yieldToEventLoop(): Promise<void> {
    await this.#clock.yieldToEventLoop();
  }

  isTurnOver(): boolean {
    return this.#clock.isTurnOver();
  }

  /** Waits for moments that have passed with it end, that for the first moment first. */
  increaseTime(ms: number): void {
    this.#aheadMs += ms;
    this.#wallAheadMs += ms;
    for (const entry of [...this.#wakes].sort((one, other) => one.atMs - other.atMs)) {
      entry.cancel();
      this.#arm(entry);
    }
  }

  setTime(timestamp: string): void {
    this.#wallAheadMs = Date.parse(timestamp) - Date.parse(this.#clock.timestamp());
  }

  #arm(entry: Wake): void {
    entry.cancel = this.#clock.wakeAt(entry.atMs - this.#aheadMs, () => {
      this.#wakes.delete(entry);
      entry.wake();
    });
  }
}
