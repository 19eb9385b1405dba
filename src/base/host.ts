/** The addresses to listen on for a HOST (SPEC 5): `localhost` stands for the IPv4 and the IPv6 loopback, anything else for itself. */
export function listenAddresses(host: string): readonly string[] {
  return host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
}

/** True for the names and addresses by which a machine reaches only itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** True for the error codes of an address that this machine does not have. A server skips such an address when another one works. */
export function isMissing(code: string | undefined): boolean {
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}

/** Turns an IPv4-mapped address of an IPv6 socket, `::ffff:192.0.2.1` (RFC 4291, 2.5.5.2), into the IPv4 address. Leaves others unchanged. */
export function asIPv4(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

/** The page's address at a host; one of IPv6 stands in brackets (RFC 3986). */
export function pageUrl(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}/`;
}
