import { type Candidate, type TicketRange, ticketHolders } from '../../core/pool.ts';

/** What each validator of a draw is told: the tickets that it held. Never changes. */
export class TicketReceipts {
  readonly #candidates: readonly Candidate[];
  /** Computed on first use, because closing a large round has enough to do. */
  #ranges: ReadonlyMap<string, TicketRange> | undefined;

  /** @param candidates those that were drawn from, in drawing order */
  constructor(candidates: readonly Candidate[]) {
    this.#candidates = candidates;
  }

  /** How many validators took part. */
  get size(): number {
    return this.#candidates.length;
  }

  /** The receipt of a validator; undefined when it did not take part. */
  of(validator: string): { readonly tickets: TicketRange } | undefined {
    this.#ranges ??= new Map(
      ticketHolders(this.#candidates).map(({ candidate, tickets }) => [candidate.validator, tickets]),
    );
    const tickets = this.#ranges.get(validator);
    return tickets === undefined ? undefined : { tickets };
  }
}
