import type { Turns } from '../base/run-to-end.ts';
import { limits } from './limits.ts';

/** Lets a page scroll and answer while something long is checked in it. */
export class PageTurns implements Turns {
  #beganMs = performance.now();

  async yieldToEventLoop(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
    this.#beganMs = performance.now();
  }

  isTurnOver(): boolean {
    return performance.now() - this.#beganMs >= limits.turnMs;
  }
}
