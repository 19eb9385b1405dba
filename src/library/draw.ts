import { drawTicket } from '../core/draw.ts';
import type { TicketRange } from '../core/pool.ts';

/** The result of a draw among entries. */
export interface Drawn<Entry> {
  /** The ticket that was drawn, from 0. */
  readonly ticket: bigint;
  readonly winner: Entry;
  /** The tickets that the winner holds, first and last included. */
  readonly tickets: TicketRange;
}

/**
 * Draws one of these entries as a lottery draws its winner: each holds as many tickets as its stake, in the order that is given, and every
 * ticket is equally likely. The same seed and the same entries always give the same winner, so anybody can draw again. Throws a RangeError where
 * there are no tickets.
 * @param seed Any text that nobody could know or choose before the entries were fixed.
 */
export function draw<Entry extends { readonly stake: bigint }>(seed: string, entries: readonly Entry[]): Drawn<Entry> {
  const negative = entries.find(({ stake }) => stake < 0n);
  if (negative !== undefined) throw new RangeError(`a stake must be at least 0, not ${negative.stake}`);
  const total = entries.reduce((sum, { stake }) => sum + stake, 0n);
  const ticket = drawTicket(seed, total);
  let first = 0n;
  for (const winner of entries) {
    const next = first + winner.stake;
    if (ticket < next) return { ticket, winner, tickets: { first, last: next - 1n } };
    first = next;
  }
  throw new Error('a ticket is below the sum of all stakes');
}
