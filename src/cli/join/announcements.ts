import { pluralizeCount } from '../../base/formatting.ts';
import type { DrawnBlock } from '../../core/block.ts';
import { limits } from './limits.ts';
import type { ServerEvent, TicketEvent } from './server-event.ts';

/** What was said of one draw before its block was seen. */
interface Announcement {
  readonly winner: string;
  readonly ticket?: TicketEvent;
  /** For the winner: the index it was told, and its own stake and BPM, which the block must have. */
  readonly won?: { readonly index: number; readonly stake: bigint; readonly bpm: number | undefined };
}

/**
 * The winners that were announced and whose blocks have not been seen yet. An announcement does not name its block; but there is one
 * for every block, in their order, so a chain says which they stand for.
 */
export class Announcements {
  readonly #list: Announcement[] = [];
  /** Which blocks the first of the list may stand for; undefined when nothing is known of that. */
  #places: readonly number[] | undefined;
  #candidates: { readonly index: number; readonly bpm: number }[] = [];
  #stake = 0n;

  get count(): number {
    return this.#list.length;
  }

  /** Takes an event, and keeps what concerns a draw. */
  onEvent(event: ServerEvent): void {
    if (event.kind === 'welcome') this.#stake = event.stake;
    // One may be in the draw that is under way, and one in the next round.
    else if (event.kind === 'candidate') this.#candidates = [...this.#candidates.slice(-3), event];
    else if (event.kind === 'winner') this.#add({ winner: event.address });
    else if (event.kind === 'ticket') this.#amend((announcement) => ({ ...announcement, ticket: event }));
    else if (event.kind === 'won') {
      const { index } = event;
      const bpm = this.#candidates.find((candidate) => candidate.index === index)?.bpm;
      this.#amend((announcement) => ({ ...announcement, won: { index, stake: this.#stake, bpm } }));
    }
  }

  /**
   * Compares them with the last blocks of a chain that holds, and forgets those that agree. Returns what does not agree, in a printable
   * sentence; undefined when everything does.
   */
  settle(blocks: readonly DrawnBlock[], tipIndex: number): string | undefined {
    const count = this.#list.length;
    const possible: number[] = [];
    for (let ahead = 0; ahead <= limits.announcedAheadMax; ahead++) {
      const place = tipIndex - ahead - count + 1;
      if (place >= 1 && (this.#places === undefined || this.#places.includes(place))) possible.push(place);
    }
    const [likely] = possible;
    if (likely === undefined) {
      const were = count === 1 ? 'was' : 'were';
      return `${pluralizeCount(count, 'winner')} ${were} announced since the chain before, which does not agree with its ${pluralizeCount(tipIndex + 1, 'block')}`;
    }
    const fitting = possible.filter((place) => this.#disagreement(blocks, place) === undefined);
    if (fitting.length === 0) return this.#disagreement(blocks, likely);
    this.#list.length = 0;
    this.#places = fitting.map((place) => place + count);
    return undefined;
  }

  /** Forgets them all: which block the next one stands for can only be known from a chain that holds. */
  forget(): void {
    this.#list.length = 0;
    this.#places = undefined;
  }

  #add(announcement: Announcement): void {
    this.#list.push(announcement);
    if (this.#list.length <= limits.announcementsMax) return;
    this.#list.shift();
    this.#places = this.#places?.map((place) => place + 1);
  }

  /** Adds to the last announcement what follows it. */
  #amend(change: (announcement: Announcement) => Announcement): void {
    const last = this.#list.pop();
    if (last !== undefined) this.#list.push(change(last));
  }

  /** What does not agree if the first announcement stands for block `place`. */
  #disagreement(blocks: readonly DrawnBlock[], place: number): string | undefined {
    for (const [step, announcement] of this.#list.entries()) {
      const index = place + step;
      const block = blocks.find(({ Index }) => Index === index);
      if (block === undefined) return `a winner was announced for block ${index}, but there is no such block`;
      const wrong = compare(announcement, block);
      if (wrong !== undefined) return `block ${index} is not the one that was announced: ${wrong}`;
    }
    return undefined;
  }
}

function compare(announcement: Announcement, block: DrawnBlock): string | undefined {
  const { winner, ticket, won } = announcement;
  const { Index, Validator, BPM, Draw } = block;
  if (Validator !== winner) return `its winner is ${Validator}, announced was ${winner}`;
  if (ticket !== undefined && (Draw.Ticket !== String(ticket.ticket) || Draw.TotalStake !== String(ticket.total))) {
    return `it has ticket ${Draw.Ticket} of ${Draw.TotalStake}, announced was ${ticket.ticket} of ${ticket.total}`;
  }
  if (won === undefined) return undefined;
  if (Index !== won.index) return `you were told that you won block ${won.index}`;
  if (Draw.Stake !== String(won.stake)) return `its winner staked ${Draw.Stake}, you staked ${won.stake}`;
  if (won.bpm !== undefined && BPM !== won.bpm) return `it has BPM ${BPM}, you proposed ${won.bpm}`;
  return undefined;
}
