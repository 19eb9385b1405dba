import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Next } from 'hono';
import { limits } from './limits.ts';
import { type HttpContext, refuse } from './responder.ts';
import type { Semaphore } from './semaphore.ts';
import type { WebCounters } from './web-counters.ts';

export interface AdmissionOptions {
  /** The Host header must name this machine, against DNS rebinding: a foreign page whose name resolves to this machine gets nothing. */
  readonly isLoopback: boolean;
  /** Bounds the requests that are answered at the same time. */
  readonly semaphore: Semaphore;
  /** Resolves when one more answer, or piece of an answer, may be made. */
  next(): Promise<void>;
  readonly counters: WebCounters;
}

/** The middleware that every request passes: the method, the Host header, then a bounded queue. */
export function admission(options: AdmissionOptions): (c: HttpContext, next: Next) => Promise<Response | undefined> {
  return async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') {
      c.header('Allow', 'GET, HEAD');
      return refuse(c, 405, 'this can only be read: use GET');
    }
    if (options.isLoopback && !isThisMachine(c.req.header('Host'))) {
      return refuse(c, 421, 'this page is for this machine only: ask for localhost');
    }
    const release = await options.semaphore.acquire();
    if (release === undefined) {
      options.counters.add('busy');
      c.header('Retry-After', String(limits.requestsBusyMs / 1000));
      return refuse(c, 503, 'too many requests wait here already: ask again in a moment');
    }
    try {
      await options.next();
      // A client that has disconnected meanwhile needs no answer.
      if (c.env.outgoing.destroyed) return RESPONSE_ALREADY_SENT;
      await next();
      return undefined;
    } finally {
      release();
    }
  };
}

function isThisMachine(host: string | undefined): boolean {
  const name = host?.replace(/:\d{1,5}$/, '').toLowerCase();
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]';
}
