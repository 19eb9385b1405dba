import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Hono } from 'hono';
import { BlockAnswers } from './block-answers.ts';
import { limits } from './limits.ts';
import type { PostedCandidates } from './posted-candidates.ts';
import { readBody } from './request-body.ts';
import { type HttpContext, refuse } from './responder.ts';
import { SeatAnswers } from './seat-answers.ts';
import { readToken } from './seat-token.ts';
import type { Seats } from './seats.ts';
import type { WebCounters } from './web-counters.ts';
import type { WriteRates } from './write-rates.ts';

export interface WriteOptions {
  readonly seats: Seats;
  readonly postedCandidates: PostedCandidates;
  readonly rates: WriteRates;
  readonly counters: WebCounters;
  /** Why no writes are taken at all; undefined where they are. */
  refusal(): string | undefined;
  /** How long the body of a write may take, ms. */
  readonly bodyMs: number;
  /** Resolves when one more answer may be made. */
  next(): Promise<void>;
  /** The index of the last announced block. */
  height(): number;
}

/**
 * Serves POST /, which takes a seat and proposes a block (SPEC 9), and DELETE /api/seat. A mistake is answered and costs nothing. Writes need
 * no place in the queue of those who read: a connection has one at a time, and its body has come before anything is done.
 */
export function addWriteRoutes(app: Hono<{ Bindings: HttpBindings }>, options: WriteOptions): void {
  const answers = makeAnswers(options);
  app.post('/', async (c) => {
    const refused = refuseWrite(c, options);
    if (refused !== undefined) return refused;
    const { incoming, outgoing } = c.env;
    const body = await readBody(incoming, outgoing, { bytesMax: limits.writeBytesMax, timeoutMs: options.bodyMs });
    switch (body.kind) {
      case 'gone':
        return RESPONSE_ALREADY_SENT;
      case 'too slow':
        options.counters.nameEnding(outgoing, 'slow-body');
        c.header('Connection', 'close');
        return refuse(c, 408, `the body of a request must come within ${options.bodyMs / 1000} s`);
      case 'too large':
        options.counters.add('too-large');
        return refuse(c, 413, `a body has at most ${limits.writeBytesMax} bytes, for example {"Data":77}`);
      case 'read':
        await options.next();
        return outgoing.destroyed ? RESPONSE_ALREADY_SENT : answers.write(c, body.bytes);
    }
  });
  app.delete('/api/seat', async (c) => {
    const refused = refuseWrite(c, options);
    if (refused !== undefined) return refused;
    await options.next();
    return answers.leave(c);
  });
}

/** Serves GET /api/seat: what the holder of a seat is told of it. */
export function addSeatRoute(app: Hono<{ Bindings: HttpBindings }>, options: WriteOptions): void {
  const answers = makeAnswers(options);
  app.get('/api/seat', (c) => answers.show(c));
}

function makeAnswers(options: WriteOptions): SeatAnswers {
  return new SeatAnswers({ ...options, blockAnswers: new BlockAnswers(options) });
}

function refuseWrite(c: HttpContext, { seats, rates, counters, refusal }: WriteOptions): Response | undefined {
  const why = refusal();
  if (why !== undefined) return refuse(c, 503, why);
  const waitMs = rates.spend(seats.find(readToken(c)) ?? c.env.incoming.socket);
  if (waitMs === 0) return undefined;
  counters.add('too-fast');
  return refuse(
    c,
    429,
    'writes come faster than this server takes them, so this one was not taken: send it again, more slowly',
    waitMs,
  );
}
