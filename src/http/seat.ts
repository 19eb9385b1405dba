import type { Outlook } from '../consensus/engine.ts';
import { isDrawn } from '../core/block.ts';
import type { Participant, PayloadResult } from '../node/participant.ts';
import type { CommittedEvent } from '../node/ports.ts';
import type { SeatCandidate, Seat as SeatMessage, SeatResult } from './api/types.ts';

/** What became of a payload. */
export type SeatProposal =
  | { readonly kind: 'accepted'; readonly candidate: SeatCandidate; readonly outlook: Outlook }
  /** The seat has a candidate for block `index` already. */
  | { readonly kind: 'already'; readonly index: number }
  /** There is no room for another candidate. */
  | { readonly kind: 'full' }
  /** The seat has nothing bonded. */
  | { readonly kind: 'no stake' };

/** The place of a validator that takes part over HTTP. It stays when a connection ends. */
export class Seat {
  readonly address: string;
  readonly #participant: Participant;
  readonly #stake: bigint;
  #candidate: SeatCandidate | undefined;
  #result: SeatResult | undefined;
  /** The last moment at which a request named it. */
  usedAtMs = 0;

  /** `participant` has a stake. */
  constructor(participant: Participant, address: string, stake: bigint) {
    this.#participant = participant;
    this.address = address;
    this.#stake = stake;
  }

  /** A draw with its candidate is to come. */
  get isWaiting(): boolean {
    return this.#participant.awaitedRound !== undefined;
  }

  /**
   * Proposes a block with a payload, a whole number from 0 to the largest BPM. Behind several doors their log decides; that rejects when the server
   * stops before.
   */
  propose(payload: number): SeatProposal | Promise<SeatProposal> {
    const result = this.#participant.enterPayload(String(payload));
    if (result.kind === 'deciding') return result.decided.then((decided) => this.#proposed(decided, payload));
    return this.#proposed(result, payload);
  }

  #proposed(result: PayloadResult, payload: number): SeatProposal {
    if (result.kind === 'full' || result.kind === 'cut off') return { kind: 'full' };
    if (result.kind === 'no stake') return { kind: 'no stake' };
    if (result.kind === 'already') return result;
    if (result.kind !== 'accepted') throw new Error(`the candidate ${payload} of a seat was ${result.kind}`);
    this.#candidate = { ...this.#owner(), index: result.index, bpm: payload };
    return { kind: 'accepted', candidate: this.#candidate, outlook: result.outlook };
  }

  /** A block was drawn. Keeps what it was to this seat, and returns whether it took part. */
  hear({ block, receipts, round }: CommittedEvent): boolean {
    if (!isDrawn(block)) return false;
    const { winner, index, ticket, totalStake, tickets, isWinner } = this.#participant.resultOf(block, receipts);
    if (tickets === undefined) return false;
    const [firstTicket, lastTicket] = [String(tickets.first), String(tickets.last)];
    this.#result = { index, winner, isWinner, ticket, totalStake, firstTicket, lastTicket };
    if (round !== undefined) this.#participant.endRound(round);
    return true;
  }

  /** What its holder is told of it. */
  message(expiresInMs: number): SeatMessage {
    return {
      ...this.#owner(),
      expiresInMs,
      ...(this.#candidate === undefined ? {} : { candidate: this.#candidate }),
      ...(this.#result === undefined ? {} : { result: this.#result }),
    };
  }

  /** Gives the seat up. A candidate stays in its draw. */
  leave(): void {
    this.#participant.leave();
    this.#participant.release();
  }

  #owner(): { readonly validator: string; readonly stake: string } {
    return { validator: this.address, stake: String(this.#stake) };
  }
}
