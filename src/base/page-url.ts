/** The page's address at a host; one of IPv6 stands in brackets (RFC 3986). */
export function pageUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
}
