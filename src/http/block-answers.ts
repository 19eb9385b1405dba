import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { SealedProposal } from '../consensus/engine.ts';
import type { QueuedAnswer } from './api/types.ts';
import { limits } from './limits.ts';
import type { PostedCandidates } from './posted-candidates.ts';
import { type HttpContext, refuse } from './responder.ts';
import type { Seats } from './seats.ts';
import type { WebCounters } from './web-counters.ts';
import type { WriteRequest } from './write-request.ts';

export interface BlockAnswersOptions {
  readonly seats: Seats;
  readonly postedCandidates: PostedCandidates;
  readonly counters: WebCounters;
  /** The index of the last announced block. */
  height(): number;
}

/** Answers writes where nothing is at stake: a payload becomes a block of its own, and is answered with it when it is stored. */
export class BlockAnswers {
  readonly #options: BlockAnswersOptions;

  constructor(options: BlockAnswersOptions) {
    this.#options = options;
  }

  async add(c: HttpContext, { stake, payload }: WriteRequest): Promise<Response> {
    const { seats, counters } = this.#options;
    if (stake !== undefined || payload === undefined) {
      counters.add('not-understood');
      return refuse(c, 400, 'nothing is at stake in this chain, so there are no seats: send {"Data":77} alone.');
    }
    return seats.kind === 'work' ? this.#search(c, payload) : this.#seal(c, payload);
  }

  /** Blocks are made at once. */
  async #seal(c: HttpContext, payload: number): Promise<Response> {
    const { seats, counters } = this.#options;
    const { result } = seats.proposeOnce(payload, networkOf(c));
    if (result.kind === 'sealing') return answerSealed(c, payload, result.sealed);
    counters.add('round-full');
    const why = result.kind === 'paused' ? 'the operator has paused the chain' : 'too many blocks wait for the disk';
    return refuse(c, 503, `${why}, so BPM ${payload} is not in it. Send it again.`);
  }

  /** Blocks are searched for. The request waits for its own, within bounds; the candidate stays where that takes longer. */
  async #search(c: HttpContext, payload: number): Promise<Response> {
    const { postedCandidates, counters, height } = this.#options;
    const posted = postedCandidates.post(payload, networkOf(c));
    if (posted.kind !== 'queued') {
      counters.add(posted.kind === 'full' ? 'round-full' : 'subnet-seats-full');
      const who = posted.kind === 'full' ? 'as many BPMs' : 'as many BPMs of your network address';
      const why = `${who} wait for their blocks as may, so BPM ${payload} is not among them. Send it again later.`;
      return refuse(c, 503, why, limits.seatsFullMs);
    }
    const { candidate } = posted;
    const end = await postedCandidates.wait(candidate.validator, c.env.outgoing);
    switch (end.kind) {
      case 'found':
        return answerBlock(c, end.index, end.text);
      case 'gone':
        return RESPONSE_ALREADY_SENT;
      case 'stopped': {
        const isKnown = end.why === 'asked';
        const where = isKnown ? 'is not in the chain' : 'may be in the chain or not';
        return refuse(c, 503, `the server stopped before the block was found, so BPM ${payload} ${where}.`);
      }
      case 'not yet': {
        const block = blockPath(candidate.index);
        const ahead = Math.max(0, candidate.index - height() - 1);
        const answer: QueuedAnswer = { candidate, block, ahead };
        c.header('Location', block);
        return c.json(answer, 202);
      }
    }
  }
}

/** Where a block is, once it is made. */
export function blockPath(index: number): string {
  return `/api/blocks/${index}`;
}

async function answerSealed(c: HttpContext, payload: number, sealed: Promise<SealedProposal>): Promise<Response> {
  try {
    const { block, text } = await sealed;
    return answerBlock(c, block.Index, text);
  } catch {
    return refuse(c, 503, `the disk refused a block, so it is not known whether BPM ${payload} is in the chain.`);
  }
}

function answerBlock(c: HttpContext, index: number, text: string): Response {
  c.header('Location', blockPath(index));
  c.header('Content-Type', 'application/json');
  return c.body(text, 201);
}

function networkOf(c: HttpContext): string {
  return c.env.incoming.socket.remoteAddress ?? '';
}
