import type { Clock } from '../../src/consensus/clock.ts';

/** Steps of a computation in one turn: the count and not a clock ends it, so that the same run always takes the same turns. */
const stepsPerTurn = 1000;

interface Wake {
  readonly atMs: number;
  readonly wake: () => void;
}

/** Time that passes only when told to, as fast as the work in it can be done. Wakes at the same moment come in the order of their asking. */
export class SimulatedClock implements Clock {
  #nowMs = 0;
  #wallMs = Date.UTC(2026, 0, 1);
  #wakes: Wake[] = [];
  readonly #earlyMs: number;
  #steps = 0;
  /** How many of those that `hold` has been called with are under way. */
  #held = 0;

  constructor(earlyMs = 0) {
    this.#earlyMs = earlyMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  timestamp(): string {
    return new Date(this.#wallMs).toISOString();
  }

  wakeAt(monotonicMs: number, wake: () => void): () => void {
    // Timers may be a little early, as real ones are.
    const isFar = monotonicMs - this.#earlyMs > this.#nowMs;
    const entry = { atMs: Math.max(isFar ? monotonicMs - this.#earlyMs : monotonicMs, this.#nowMs), wake };
    const place = this.#wakes.findIndex(({ atMs }) => atMs > entry.atMs);
    this.#wakes.splice(place === -1 ? this.#wakes.length : place, 0, entry);
    return () => {
      this.#wakes = this.#wakes.filter((other) => other !== entry);
    };
  }

  async yieldToEventLoop(): Promise<void> {
    await new Promise<void>((resolve) => this.wakeAt(this.#nowMs, resolve));
  }

  isTurnOver(): boolean {
    this.#steps += 1;
    return this.#steps % stepsPerTurn === 0;
  }

  /** Time stands still until something is done that takes real time, such as the loading of modules. */
  async hold<Result>(done: Promise<Result>): Promise<Result> {
    this.#held += 1;
    return done.finally(() => {
      this.#held -= 1;
    });
  }

  /** Lets time pass, waking everybody in between at their moments, and waits until all that follows from it is done. */
  async pass(milliseconds: number): Promise<void> {
    const endMs = this.#nowMs + milliseconds;
    await settle();
    for (;;) {
      const next = this.#wakes[0];
      if (this.#held > 0 && (next === undefined || next.atMs > this.#nowMs)) {
        await settle();
        continue;
      }
      if (next === undefined || next.atMs > endMs) break;
      this.#wakes.shift();
      this.#moveTo(next.atMs);
      next.wake();
      await settle();
    }
    this.#moveTo(endMs);
  }

  /** Time passes at once, as when the process is suspended: whoever was to be woken is late. */
  stall(milliseconds: number): void {
    this.#moveTo(this.#nowMs + milliseconds);
  }

  /** Nobody is woken any more: the process whose clock this was is gone. */
  forget(): void {
    this.#wakes = [];
  }

  /** Somebody sets the wall clock. */
  jumpWall(milliseconds: number): void {
    this.#wallMs += milliseconds;
  }

  #moveTo(nowMs: number): void {
    const passedMs = Math.max(0, nowMs - this.#nowMs);
    this.#nowMs += passedMs;
    this.#wallMs += passedMs;
  }
}

/** Resolves when no promise is on its way any more: a real turn of the event loop comes after all of them. */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}
