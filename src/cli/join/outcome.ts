import type { ServerEvent } from './server-event.ts';

/** Whether a client without a terminal played to its end. The last words of a server that closes the connection tell whether it wanted to. */
export class Outcome {
  #lastHeard: ServerEvent['kind'] | undefined;
  #isLottery = false;
  #hasStake = false;
  #hasSaid = false;

  /** Takes an event. */
  onEvent({ kind }: ServerEvent): void {
    this.#lastHeard = kind;
    if (kind !== 'other') this.#isLottery = true;
    if (kind === 'welcome') this.#hasStake = true;
  }

  /** A line was sent. */
  send(line: string): void {
    if (line.trim() !== '') this.#hasSaid = true;
  }

  /** What was missing when the connection to `place` had been closed, in a printable clause; undefined when nothing was. */
  shortfall(place: string): string | undefined {
    if (!this.#isLottery) {
      return `what answers at ${place} is no lottery: it asks for no token balance. Is that its port, and not that of its page?`;
    }
    // After everything else there is another prompt.
    if (this.#lastHeard === 'error' || this.#lastHeard === 'slashed' || this.#lastHeard === 'other') {
      return 'the server closed the connection';
    }
    return this.#hasSaid && !this.#hasStake ? 'no balance was accepted, so nothing was played' : undefined;
  }
}
