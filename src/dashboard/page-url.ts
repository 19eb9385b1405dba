import { isIP } from 'node:net';

/** The page's address at a host; one of IPv6 stands in brackets (RFC 3986). */
export function pageUrl(host: string, port: number): string {
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}/`;
}
