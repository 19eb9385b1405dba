import { fetchTickets } from './api-client.ts';
import type { TicketsResult } from './tickets-result.ts';
import { uiConstants } from './ui-constants.ts';

/** Asks the server where the tickets of one validator are, no more often than a visitor looks, for pools that are too large to name everybody. */
export class TicketQuestion {
  readonly #heard: () => void;
  #path = '';
  #answer: TicketsResult | undefined;
  #askedMs = Number.NEGATIVE_INFINITY;
  #timer: number | undefined;

  /** @param heard is called when there is an answer */
  constructor(heard: () => void) {
    this.#heard = heard;
  }

  /** The last answer for this validator in this round; undefined before the first. */
  answer(index: number, prefix: string): TicketsResult | undefined {
    return this.#path === pathOf(index, prefix) ? this.#answer : undefined;
  }

  /** Asks for a validator in a round: at once where that is another one than before, and otherwise a while after the last time. */
  ask(index: number, prefix: string): void {
    const path = pathOf(index, prefix);
    if (path !== this.#path) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#path = path;
      this.#answer = undefined;
      this.#askedMs = Number.NEGATIVE_INFINITY;
    }
    if (this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#askedMs + uiConstants.findEveryMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#askedMs = performance.now();
      void this.#fetch(path, index, prefix);
    }, waitMs);
  }

  async #fetch(path: string, index: number, prefix: string): Promise<void> {
    // Without an answer the last one stands; the page says by itself that the server is silent.
    const answer = await fetchTickets(index, prefix).catch(() => undefined);
    if (answer === undefined || path !== this.#path) return;
    this.#answer = answer;
    this.#heard();
  }
}

function pathOf(index: number, prefix: string): string {
  return `${index}/${prefix}`;
}
