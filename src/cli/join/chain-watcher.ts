import { type DrawnBlock, isDrawn } from '../../core/block.ts';
import { limits } from '../../core/limits.ts';
import { checkBlock, type Tip } from '../../core/verify.ts';
import type { ServerEvent, TicketEvent } from './server-event.ts';

/** What came of a chain that was heard: it holds, or the first thing that does not; `why` is one printable sentence. */
export type Verdict =
  | {
      readonly kind: 'holds';
      readonly blocks: number;
      readonly newest: DrawnBlock | undefined;
      /** How many announced winners were found in it since the chain before. */
      readonly winners: number;
    }
  | { readonly kind: 'broken'; readonly why: string };

/** What was said of one draw before its block was seen. */
interface Announcement {
  readonly winner: string;
  readonly ticket?: TicketEvent;
  /** For the winner: the index it was told, and its own stake and BPM, which the block must have. */
  readonly won?: { readonly index: number; readonly stake: bigint; readonly bpm: number | undefined };
}

/** A chain that is being heard. */
interface Walk {
  readonly tip?: Tip;
  readonly fault?: string;
}

/**
 * Checks every chain that is heard: that it holds (SPEC 4), that it goes on from the one heard before with nothing changed,
 * and that its winners are those who were announced. Memory does not grow with the chain.
 */
export class ChainWatcher {
  #walk: Walk = {};
  /** The tip of the last chain that held. */
  #held: Tip | undefined;
  /** The last blocks of the chain that is being heard. */
  #blocks: DrawnBlock[] = [];
  #announced: Announcement[] = [];
  /** Which blocks the first of `#announced` may stand for; undefined when nothing is known of that. */
  #places: readonly number[] | undefined;
  #candidates: { readonly index: number; readonly bpm: number }[] = [];
  #stake = 0n;

  /** How many winners were announced since the last chain. */
  get unchecked(): number {
    return this.#announced.length;
  }

  /** Hears what the server says; returns a verdict at the end of a chain. */
  hear(event: ServerEvent): Verdict | undefined {
    switch (event.kind) {
      case 'welcome':
        this.#stake = event.stake;
        return undefined;
      case 'candidate':
        // One may be in the draw that is under way, and one in the next round.
        this.#candidates = [...this.#candidates.slice(-3), event];
        return undefined;
      case 'winner':
        this.#announce(event.address);
        return undefined;
      case 'ticket':
        this.#amend((announcement) => ({ ...announcement, ticket: event }));
        return undefined;
      case 'won': {
        const { index } = event;
        const bpm = this.#candidates.find((candidate) => candidate.index === index)?.bpm;
        this.#amend((announcement) => ({ ...announcement, won: { index, stake: this.#stake, bpm } }));
        return undefined;
      }
      case 'block':
        this.#check(event.json);
        return undefined;
      case 'chain':
        return this.#end();
      case 'broken-chain':
        this.#walk = { ...this.#walk, fault: this.#walk.fault ?? event.why };
        return this.#end();
      default:
        return undefined;
    }
  }

  #announce(winner: string): void {
    this.#announced.push({ winner });
    if (this.#announced.length <= limits.announcementsMax) return;
    this.#announced.shift();
    this.#places = this.#places?.map((place) => place + 1);
  }

  /** Adds to the last announcement what follows it. */
  #amend(change: (announcement: Announcement) => Announcement): void {
    const last = this.#announced.pop();
    if (last !== undefined) this.#announced.push(change(last));
  }

  #check(json: unknown): void {
    if (this.#walk.fault !== undefined) return;
    const checked = checkBlock(this.#walk.tip, json);
    if ('fault' in checked) {
      const { index, rule, why } = checked.fault;
      this.#walk = { fault: `block ${index} breaks the rule "${rule}": ${why}` };
      return;
    }
    const { block, tip } = checked;
    // All before it is in its hash.
    const isOther = tip.index === this.#held?.index && tip.hash !== this.#held.hash;
    this.#walk = isOther ? { fault: this.#changed(tip) } : { tip };
    if (!isDrawn(block)) return;
    this.#blocks.push(block);
    if (this.#blocks.length > limits.announcementsMax + limits.announcedAheadMax) this.#blocks.shift();
  }

  #changed(tip: Tip): string {
    if (tip.genesisHash !== this.#held?.genesisHash) return 'it is another chain than before, with another genesis';
    return `it was changed after it had been sent: block ${tip.index}, or one before it, is not what it was`;
  }

  #end(): Verdict {
    const { tip, fault } = this.#walk;
    const why = fault ?? this.#findEndFault(tip) ?? this.#findLie(tip);
    const winners = this.#announced.length;
    const newest = this.#blocks.at(-1);
    this.#walk = {};
    this.#blocks = [];
    if (why !== undefined || tip === undefined) {
      // Which block the next announcement stands for can only be known from a chain that holds.
      this.#announced = [];
      this.#places = undefined;
      return { kind: 'broken', why: why ?? 'it has no blocks' };
    }
    this.#held = tip;
    this.#announced = [];
    return { kind: 'holds', blocks: tip.index + 1, newest, winners };
  }

  #findEndFault(tip: Tip | undefined): string | undefined {
    if (tip === undefined) return 'it has no blocks, not even a genesis';
    if (this.#held === undefined || tip.index >= this.#held.index) return undefined;
    return `it has ${tip.index + 1} blocks, but had ${this.#held.index + 1} before`;
  }

  /** Compares the announcements with the blocks they stand for, and keeps what that says of the next one's place. */
  #findLie(tip: Tip | undefined): string | undefined {
    if (tip === undefined) return undefined;
    const count = this.#announced.length;
    const before = this.#places;
    const possible: number[] = [];
    for (let ahead = 0; ahead <= limits.announcedAheadMax; ahead++) {
      const place = tip.index - ahead - count + 1;
      if (place >= 1 && (before === undefined || before.includes(place))) possible.push(place);
    }
    const [likely] = possible;
    if (likely === undefined) {
      return `${count} ${count === 1 ? 'winner was' : 'winners were'} announced since the chain before, which does not agree with its ${tip.index + 1} blocks`;
    }
    const fitting = possible.filter((place) => this.#disagreement(place) === undefined);
    this.#places = fitting.map((place) => place + count);
    return fitting.length > 0 ? undefined : this.#disagreement(likely);
  }

  /** What does not agree if the first announcement stands for block `place`. */
  #disagreement(place: number): string | undefined {
    for (const [step, announcement] of this.#announced.entries()) {
      const index = place + step;
      const block = this.#blocks.find(({ Index }) => Index === index);
      if (block === undefined) return `a winner was announced for block ${index}, but there is no such block`;
      const wrong = compare(announcement, block);
      if (wrong !== undefined) return `block ${index} is not the one that was announced: ${wrong}`;
    }
    return undefined;
  }
}

function compare(
  { winner, ticket, won }: Announcement,
  { Index, Validator, BPM, Draw }: DrawnBlock,
): string | undefined {
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
