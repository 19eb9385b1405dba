import { escapeForDisplay } from '../base/escape-for-display.ts';
import type { InvalidBalance } from '../node/participant.ts';
import type { CandidateAnswer, NewSeat, Refusal, SeatAnswer } from './api/types.ts';
import { type BlockAnswers, blockPath } from './block-answers.ts';
import { limits } from './limits.ts';
import { type HttpContext, refuse } from './responder.ts';
import type { Seat } from './seat.ts';
import { giveToken, readToken, takeTokenBack } from './seat-token.ts';
import type { Seats } from './seats.ts';
import type { WebCounters } from './web-counters.ts';
import { parseWrite } from './write-request.ts';

export interface SeatAnswersOptions {
  readonly seats: Seats;
  /** Answers where there are no seats. */
  readonly blockAnswers: BlockAnswers;
  readonly counters: WebCounters;
}

/** Answers what programs ask of seats, in words and statuses of HTTP. A refusal is counted, and costs nothing. */
export class SeatAnswers {
  readonly #seats: Seats;
  readonly #blockAnswers: BlockAnswers;
  readonly #counters: WebCounters;

  constructor({ seats, blockAnswers, counters }: SeatAnswersOptions) {
    this.#seats = seats;
    this.#blockAnswers = blockAnswers;
    this.#counters = counters;
  }

  /** Answers a write: takes a seat where its body has a stake, and proposes a block where it has a payload. */
  async write(c: HttpContext, body: Buffer): Promise<Response> {
    const request = parseWrite(body);
    if ('why' in request) {
      this.#counters.add('not-understood');
      return refuse(c, 400, request.why);
    }
    const { stake, payload } = request;
    if (this.#seats.kind !== 'lottery') return this.#blockAnswers.add(c, request);
    if (stake !== undefined) return this.#take(c, stake, payload);
    const seat = this.#seats.find(readToken(c));
    return seat === undefined || payload === undefined ? this.#refuseNoSeat(c) : this.#propose(c, seat, payload);
  }

  /** Tells the holder of a seat how it stands. */
  show(c: HttpContext): Response {
    const seat = this.#seats.find(readToken(c));
    return seat === undefined ? this.#refuseNoSeat(c) : c.json(this.#seats.messageOf(seat));
  }

  /** Gives a seat up for its holder. */
  leave(c: HttpContext): Response {
    const token = readToken(c);
    if (token === undefined || this.#seats.find(token) === undefined) return this.#refuseNoSeat(c);
    this.#seats.leave(token);
    takeTokenBack(c);
    return c.body(null, 204);
  }

  async #take(c: HttpContext, stake: string, payload: number | undefined): Promise<Response> {
    const former = this.#seats.find(readToken(c));
    if (former !== undefined) {
      this.#counters.add('already');
      const why = `you are validator ${former.address} already. For another seat send neither token nor cookie.`;
      return refuse(c, 409, why);
    }
    const taken = this.#seats.take(stake, c.env.incoming.socket.remoteAddress ?? '');
    switch (taken.kind) {
      case 'invalid':
        this.#counters.add('not-understood');
        return refuse(c, 400, notAStake(taken.invalid));
      case 'full':
        this.#counters.add('seats-full');
        return refuse(c, 503, 'the server has all the seats it can take. Try again in a minute.', limits.seatsFullMs);
      case 'subnet full':
        this.#counters.add('subnet-seats-full');
        return refuse(c, 503, 'your network address has all the seats that one may have.', limits.seatsFullMs);
      case 'no grant': {
        this.#counters.add('round-full');
        const why = `the faucet cannot grant your tokens now: ${taken.why}. Send it again after the next block.`;
        return refuse(c, 503, why, limits.seatsFullMs);
      }
      case 'taken':
        giveToken(c, taken.message.token);
        return payload === undefined
          ? answerTaken(c, taken.message)
          : this.#propose(c, taken.seat, payload, taken.message);
    }
  }

  /** Proposes a block for a seat. `taken` is the seat where the same request has taken it: its token must not get lost. */
  async #propose(c: HttpContext, seat: Seat, payload: number, taken?: NewSeat): Promise<Response> {
    const withSeat = taken === undefined ? {} : { seat: taken };
    const proposal = await this.#seats.propose(seat, payload);
    switch (proposal.kind) {
      case 'accepted': {
        const { candidate, outlook } = proposal;
        const block = blockPath(candidate.index);
        const answer: CandidateAnswer = {
          candidate,
          block,
          tickets: String(outlook.tickets),
          totalTickets: String(outlook.totalTickets),
          ...(outlook.remainingMs === undefined ? {} : { remainingMs: Math.ceil(outlook.remainingMs) }),
          ...withSeat,
        };
        c.header('Location', block);
        return c.json(answer, 202);
      }
      case 'already':
        this.#counters.add('already');
        c.header('Location', blockPath(proposal.index));
        return refuse(c, 409, `Already in the draw for block ${proposal.index}: one candidate a round.`);
      case 'no stake':
        this.#counters.add('already');
        return refuse(c, 409, 'nothing of yours is bonded, so there is no ticket for this candidate.');
      case 'full': {
        this.#counters.add('round-full');
        const error = `this round has all the candidates it can take, so BPM ${payload} is not in it. Send it again in the next round.`;
        const refusal: Refusal = { error, ...withSeat };
        return c.json(refusal, 503);
      }
    }
  }

  #refuseNoSeat(c: HttpContext): Response {
    this.#counters.add('no-seat');
    c.header('WWW-Authenticate', 'Bearer');
    const which = readToken(c) === undefined ? 'this names no seat' : 'this names a seat that is not there (any more)';
    const how = 'Take one with {"Stake":100}, and send its token as Authorization: Bearer TOKEN, or its cookie';
    return refuse(c, 401, `${which}. ${how}: one line is curl -d '{"Stake":100,"Data":77}' ADDRESS.`);
  }
}

function answerTaken(c: HttpContext, seat: NewSeat): Response {
  const answer: SeatAnswer = { seat };
  c.header('Location', '/api/seat');
  return c.json(answer, 201);
}

function notAStake({ text, problem, max }: InvalidBalance): string {
  const reason = problem === 'not a number' ? 'is not a token balance' : `is ${problem}`;
  const shown = escapeForDisplay(Buffer.from(text).toString('latin1'));
  return `"${shown}" ${reason}. A stake is a whole number from 1 to ${max}, for example {"Stake":100}.`;
}
