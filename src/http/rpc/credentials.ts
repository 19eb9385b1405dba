import { hash, timingSafeEqual } from 'node:crypto';

/** Who sent a request: the one who has the cookie, one who says so and has not, or one who says nothing. */
export type Caller = 'owner' | 'pretender' | 'anybody';

/**
 * Reads the Authorization header of a request (RFC 7617). `cookie` is what user name and password must be, `__cookie__:<hex>`; undefined where there
 * is none, so that there is no owner. Other schemes say nothing here: a seat's token is one. How long the comparison takes tells nothing.
 */
export function readCaller(authorization: string | undefined, cookie: string | undefined): Caller {
  const [, encoded] = /^Basic +(\S+)$/i.exec(authorization ?? '') ?? [];
  if (encoded === undefined) return 'anybody';
  const given = digest(Buffer.from(encoded, 'base64').toString('latin1'));
  return cookie !== undefined && timingSafeEqual(given, digest(cookie)) ? 'owner' : 'pretender';
}

/** Of equal length whatever was sent, as the comparison wants it. */
function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
