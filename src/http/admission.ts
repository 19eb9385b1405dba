import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Next } from 'hono';
import { limits } from './limits.ts';
import { type HttpContext, refuse } from './responder.ts';
import type { Semaphore } from './semaphore.ts';
import type { WebCounters } from './web-counters.ts';

export interface AdmissionOptions {
  /** Bounds the requests that are answered at the same time. */
  readonly semaphore: Semaphore;
  /** Resolves when one more answer, or piece of an answer, may be made. */
  next(): Promise<void>;
  readonly counters: WebCounters;
}

/** The middleware that every request passes which reads: a bounded queue. */
export function admission(options: AdmissionOptions): (c: HttpContext, next: Next) => Promise<Response | undefined> {
  return (c, next) =>
    admit(c, options, async () => {
      await next();
      return undefined;
    });
}

/** Answers a request by `work` when its turn in the bounded queue has come. */
export async function admit<Answer extends Response | undefined>(
  c: HttpContext,
  options: AdmissionOptions,
  work: () => Promise<Answer>,
): Promise<Answer | Response> {
  const release = await options.semaphore.acquire();
  if (release === undefined) {
    options.counters.add('busy');
    return refuse(c, 503, 'too many requests wait here already: ask again in a moment', limits.requestsBusyMs);
  }
  try {
    await options.next();
    // A client that has disconnected meanwhile needs no answer.
    return c.env.outgoing.destroyed ? RESPONSE_ALREADY_SENT : await work();
  } finally {
    release();
  }
}
