import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { HttpContext } from './responder.ts';

const cookieName = 'sortition-seat';
/** No script reads it, and no request that another site's page causes carries it. */
const cookieAttributes = { httpOnly: true, sameSite: 'Strict', path: '/' } as const;

/** The token that a request names a seat with. A header is chosen for one request, a cookie comes with each, so the header counts. */
export function readToken(c: HttpContext): string | undefined {
  return /^Bearer +(\S+)$/i.exec(c.req.header('Authorization') ?? '')?.[1] ?? getCookie(c, cookieName);
}

/** Has a browser, or curl with a cookie jar, name a seat from now on. */
export function giveToken(c: HttpContext, token: string): void {
  setCookie(c, cookieName, token, cookieAttributes);
}

/** Has a client forget its token. */
export function takeTokenBack(c: HttpContext): void {
  deleteCookie(c, cookieName, cookieAttributes);
}
