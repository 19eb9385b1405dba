import { hash } from 'node:crypto';
import type { ChainKind } from '../consensus/engine.ts';
import {
  type HolderResult,
  type InvalidBalance,
  type JoinedResult,
  type LotteryService,
  Participant,
  type ParticipantRules,
  type PayloadResult,
} from '../node/participant.ts';
import type { CommittedEvent, EventListener, NodeEvent } from '../node/ports.ts';
import type { NewSeat, Seat as SeatMessage } from './api/types.ts';
import { limits } from './limits.ts';
import { Seat, type SeatProposal } from './seat.ts';
import type { WebCount } from './web-counters.ts';
import type { ConnectionLimiter } from './web-server.ts';

/** What seats take part in, and how many there may be. */
export interface SeatRules {
  readonly service: () => LotteryService;
  /** How the chain is made. There are seats in a lottery only: elsewhere nothing is at stake. */
  readonly kind: () => ChainKind;
  readonly rules: ParticipantRules;
  readonly seatsMax: number;
  /** Bounds the seats of each subnet. */
  readonly subnetLimiter: ConnectionLimiter;
  /** A seat is given up when no request has named it for so long, ms. */
  readonly idleMs: number;
}

export interface SeatsOptions extends SeatRules {
  readonly nowMs: () => number;
  /** A secret that was never given out before and that cannot be guessed. */
  readonly newToken: () => string;
  /** Counts how seats end. */
  readonly count: (name: WebCount) => void;
  readonly yieldToEventLoop: () => Promise<void>;
  /** Hears what fails while seats are told of a draw. */
  readonly failed: (error: unknown) => void;
}

/** What became of a request for a seat. `subnet full`: the requester's subnet has as many seats as one may have. */
export type SeatRequestResult =
  | { readonly kind: 'taken'; readonly seat: Seat; readonly message: NewSeat }
  | { readonly kind: 'invalid'; readonly invalid: InvalidBalance }
  | { readonly kind: 'full' }
  | { readonly kind: 'subnet full' }
  /** The faucet cannot grant the stake now. */
  | { readonly kind: 'no grant'; readonly why: string };

type SeatEnding = 'seat-expired' | 'seat-left' | 'seat-taken-over' | 'seat-kicked';

interface Held {
  readonly seat: Seat;
  /** Gives its place back to its subnet. */
  readonly release: () => void;
}

/**
 * The seats of validators that take part over HTTP. A token, and not the address, names a seat: everybody knows addresses. A seat ends when no
 * request has named it for a while, when its holder leaves, when the operator kicks it, and when its rejoin code is entered at nc.
 */
export class Seats implements EventListener {
  readonly #options: SeatsOptions;
  /** By the hash of their tokens, so that no token stays in memory. Those that were named longest ago come first. */
  readonly #held = new Map<string, Held>();
  /** Those whose candidate waits for its draw. */
  readonly #waiting = new Set<Seat>();
  /** Resolves when the seats have been told of the draws so far. */
  #told: Promise<void> = Promise.resolve();

  constructor(options: SeatsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Makes a validator with a stake, as it was written, for a client with a network address, and returns its seat and the token that names it. */
  take(stake: string, network: string): SeatRequestResult {
    const { service, rules, seatsMax, subnetLimiter, newToken } = this.#options;
    this.removeExpired();
    if (this.#held.size >= seatsMax) return { kind: 'full' };
    const release = subnetLimiter.enter(network);
    if (release === undefined) return { kind: 'subnet full' };
    const token = newToken();
    const key = keyOf(token);
    const takenOver = (): void => this.#end(key, 'seat-taken-over');
    const participant = new Participant(service(), rules, { network, takenOver });
    const balance = participant.enterBalance(stake);
    if (balance.kind === 'invalid') {
      release();
      return balance;
    }
    if (balance.kind === 'no grant') {
      release();
      return balance;
    }
    const { address, stake: staked, code } = validatorOf(balance);
    const seat = new Seat(participant, address, staked);
    this.#use(key, { seat, release });
    const message = { ...this.messageOf(seat), token, ...(code === undefined ? {} : { rejoinCode: code }) };
    return { kind: 'taken', seat, message };
  }

  /** How the chain is made. */
  get kind(): ChainKind {
    return this.#options.kind();
  }

  /** Proposes a block for a client that needs no seat, because nothing is at stake: a new validator for this one block. */
  proposeOnce(payload: number, network: string): { readonly validator: string; readonly result: PayloadResult } {
    const { service, rules } = this.#options;
    const participant = new Participant(service(), rules, { network, takenOver: () => undefined });
    const { address: validator } = participant.enter('one block');
    const result = participant.enterPayload(String(payload));
    participant.leave();
    participant.release();
    return { validator, result };
  }

  /** The seat that a token names, which is thereby used; undefined when there is none. */
  find(token: string | undefined): Seat | undefined {
    this.removeExpired();
    if (token === undefined) return undefined;
    const key = keyOf(token);
    const held = this.#held.get(key);
    if (held !== undefined) this.#use(key, held);
    return held?.seat;
  }

  /** Proposes a block for a seat, as `Seat.propose`. */
  propose(seat: Seat, payload: number): SeatProposal | Promise<SeatProposal> {
    const proposed = (result: SeatProposal): SeatProposal => {
      if (seat.isWaiting) this.#waiting.add(seat);
      return result;
    };
    const result = seat.propose(payload);
    return result instanceof Promise ? result.then(proposed) : proposed(result);
  }

  /** What the holder of a seat is told of it. */
  messageOf(seat: Seat): SeatMessage {
    const { idleMs, nowMs } = this.#options;
    return seat.message(Math.max(0, Math.round(seat.usedAtMs + idleMs - nowMs())));
  }

  /** The holder leaves. A token that names no seat changes nothing. */
  leave(token: string): void {
    this.#end(keyOf(token), 'seat-left');
  }

  /** The operator sends the validator with an address away. */
  kick(address: string): void {
    for (const [key, { seat }] of this.#held) if (seat.address === address) this.#end(key, 'seat-kicked');
  }

  /** Gives up the seats that were not named for too long. Their candidates stay in the draw. */
  removeExpired(): void {
    const { idleMs, nowMs } = this.#options;
    for (const [key, { seat }] of this.#held) {
      if (seat.usedAtMs + idleMs > nowMs()) return;
      this.#end(key, 'seat-expired');
    }
  }

  onEvent(event: NodeEvent): void {
    if (event.kind !== 'committed' || this.#waiting.size === 0) return;
    this.#told = this.#told.then(() => this.#tell(event)).catch(this.#options.failed);
  }

  /** Tells those who take part of a draw, some in each turn of the event loop: people at nc hear of it first. */
  async #tell(event: CommittedEvent): Promise<void> {
    let count = 0;
    for (const seat of this.#waiting) {
      if (count % limits.seatsPerTurn === 0) await this.#options.yieldToEventLoop();
      count += 1;
      if (seat.hear(event) && !seat.isWaiting) this.#waiting.delete(seat);
    }
  }

  #use(key: string, held: Held): void {
    held.seat.usedAtMs = this.#options.nowMs();
    this.#held.delete(key);
    this.#held.set(key, held);
  }

  #end(key: string, ending: SeatEnding): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    this.#held.delete(key);
    this.#waiting.delete(held.seat);
    held.release();
    held.seat.leave();
    this.#options.count(ending);
  }
}

function keyOf(token: string): string {
  return hash('sha256', token);
}

/** The validator that a balance made. The code of a wallet is not the one of a session. */
function validatorOf(joined: JoinedResult | HolderResult): Pick<JoinedResult, 'address' | 'stake' | 'code'> {
  if (joined.kind === 'joined') return joined;
  return { address: joined.wallet.key, stake: joined.wallet.bonded, code: undefined };
}
