import type { Next } from 'hono';
import { type HttpContext, refuse } from './responder.ts';
import type { WebCounters } from './web-counters.ts';

export interface GuardOptions {
  /** The Host header must name this machine, against DNS rebinding: a foreign page whose name resolves to this machine gets nothing. */
  readonly isLoopback: boolean;
  readonly counters: WebCounters;
}

/** The methods that change something, by path. */
const writes: Readonly<Record<string, string>> = { '/': 'POST', '/rpc': 'POST', '/api/seat': 'DELETE' };

/** What another site's page may not even open, though it only asks for it: whoever does so takes part. */
const conversation = '/api/play';

/** The middleware that every request passes first: the method, the Host header and, for what changes something, the site that it comes from. */
export function guard(options: GuardOptions): (c: HttpContext, next: Next) => Promise<Response | undefined> {
  const { isLoopback, counters } = options;
  return async (c, next) => {
    const { method, path } = c.req;
    const host = c.req.header('Host');
    if (isLoopback && !isThisMachine(host)) {
      return refuse(c, 421, 'this page is for this machine only: ask for localhost');
    }
    const write = writes[path];
    const isRead = method === 'GET' || method === 'HEAD';
    if (!isRead && method !== write) {
      c.header('Allow', ['GET', 'HEAD', ...(write === undefined ? [] : [write]), 'OPTIONS'].join(', '));
      // A browser that asks whether a foreign page may write (Fetch standard, CORS preflight) reads no leave here.
      if (method === 'OPTIONS') return c.body(null, 204);
      return refuse(c, 405, write === undefined ? 'this can only be read: use GET' : `use GET or ${write} here`);
    }
    if ((!isRead || path === conversation) && isForeign(c.req.header('Sec-Fetch-Site'), c.req.header('Origin'), host)) {
      counters.add('foreign-site');
      return refuse(
        c,
        403,
        "this came from another site's page, and only pages of this server and programs may take part",
      );
    }
    await next();
    return undefined;
  };
}

function isThisMachine(host: string | undefined): boolean {
  const name = host?.replace(/:\d{1,5}$/, '').toLowerCase();
  return name === 'localhost' || name === '127.0.0.1' || name === '[::1]';
}

/** Whether a browser says that a page of another origin has sent a request. Programs say nothing. */
function isForeign(site: string | undefined, origin: string | undefined, host: string | undefined): boolean {
  if (site?.toLowerCase() === 'cross-site') return true;
  if (origin === undefined) return false;
  // An opaque origin, "null", is no URL. The port is left out of an origin where it is the scheme's own (RFC 6454, 6.2).
  if (!URL.canParse(origin)) return true;
  const { protocol, host: from } = new URL(origin);
  const own = `${protocol}//${host ?? ''}`;
  return !URL.canParse(own) || new URL(own).host !== from;
}
