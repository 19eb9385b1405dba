/** The addresses that HOST stands for (SPEC 5): `localhost` is this machine by IPv4 and by IPv6, anything else is itself. */
export function listenAddresses(host: string): readonly string[] {
  return host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
}

/** True for the names and addresses by which a machine reaches itself. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** True for what the system answers where it does not have an address; a server passes over such a one when another one works. */
export function isMissing(code: string | undefined): boolean {
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}

/** An IPv4 address that a socket of IPv6 shows as `::ffff:192.0.2.1` (RFC 4291, 2.5.5.2) as itself; any other address as it is. */
export function asIPv4(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}
