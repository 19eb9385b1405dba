import { ExpectedWins, shareOf } from '../../base/statistics/expected-wins.ts';
import type { ServerEvent, TicketEvent } from './server-event.ts';

/**
 * Counts one validator's draws and wins against what its tickets promise, and checks that what it is told of its own draws
 * agrees with itself.
 */
export class Score {
  #address: string | undefined;
  #stake = 0n;
  #winner: string | undefined;
  #draws = 0;
  #wins = 0;
  readonly #expected = new ExpectedWins();

  get address(): string | undefined {
    return this.#address;
  }

  get stake(): bigint {
    return this.#stake;
  }

  /** Draws in which the validator had tickets. */
  get draws(): number {
    return this.#draws;
  }

  get wins(): number {
    return this.#wins;
  }

  /** What the tickets of these draws promise. */
  get expected(): Pick<ExpectedWins, 'mean' | 'deviation'> {
    return this.#expected;
  }

  /** Counts what the event says; returns in one sentence what cannot be true of it, undefined when nothing is wrong. */
  onEvent(event: ServerEvent): string | undefined {
    switch (event.kind) {
      case 'welcome':
        this.#address = event.address;
        this.#stake = event.stake;
        return undefined;
      case 'outlook':
        return event.tickets === this.#stake && event.total >= event.tickets
          ? undefined
          : `you staked ${this.#stake} tokens, but are told that you hold ${event.tickets} of ${event.total} tickets`;
      case 'winner':
        this.#winner = event.address;
        return undefined;
      case 'ticket':
        return this.#onTicket(event);
      case 'won':
        return this.#winner === this.#address
          ? undefined
          : `you are told that you won block ${event.index}, but another validator was announced`;
      default:
        return undefined;
    }
  }

  #onTicket(event: TicketEvent): string | undefined {
    const { ticket, total, first, last } = event;
    if (this.#address === undefined) return 'you are told of tickets, but have no stake';
    if (last - first + 1n !== this.#stake) {
      return `you staked ${this.#stake} tokens, but your tickets were ${first} to ${last}`;
    }
    if (ticket >= total || last >= total) return `there is no ticket ${ticket >= total ? ticket : last} of ${total}`;
    const isMine = first <= ticket && ticket <= last;
    if (isMine !== (this.#winner === this.#address)) {
      return `ticket ${ticket} was drawn and yours were ${first} to ${last}, but ${isMine ? 'another validator' : 'you'} won`;
    }
    this.#draws += 1;
    this.#wins += isMine ? 1 : 0;
    this.#expected.add(ticketShareOf(event));
    return undefined;
  }
}

/** The part of all tickets that was the listener's, 0 … 1. */
export function ticketShareOf({ first, last, total }: TicketEvent): number {
  return shareOf(last - first + 1n, total);
}
