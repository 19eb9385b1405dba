import type { Clock } from '../consensus/clock.ts';
import { SystemTurns } from './system-turns.ts';

/** The longest timeout that Node keeps; a longer one would fire at once. A caller that is woken early checks the clock again. */
const timeoutMsMax = 2_147_483_647;

/** The clocks of this machine. */
export class SystemClock implements Clock {
  readonly #turns = new SystemTurns();

  monotonicMs(): number {
    return performance.now();
  }

  timestamp(): string {
    return new Date().toISOString();
  }

  wakeAt(monotonicMs: number, wake: () => void): () => void {
    const delayMs = Math.ceil(monotonicMs - this.monotonicMs());
    const timer = setTimeout(wake, Math.min(Math.max(delayMs, 0), timeoutMsMax));
    return () => clearTimeout(timer);
  }

  async yieldToEventLoop(): Promise<void> {
    await this.#turns.yieldToEventLoop();
  }

  isTurnOver(): boolean {
    return this.#turns.isTurnOver();
  }
}
