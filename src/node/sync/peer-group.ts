import { asIPv4, isLoopback } from '../../base/host.ts';
import { subnetOf } from '../../base/subnet.ts';

/**
 * The network that a host belongs to: the /24 of an IPv4 address, the /64 of an IPv6 one. Many rented addresses come from few of these.
 * Undefined for this machine itself, which is never counted.
 */
export function networkOf(host: string): string | undefined {
  const address = asIPv4(host);
  if (isLoopback(address)) return undefined;
  const [, first24] = /^(\d+\.\d+\.\d+)\.\d+$/.exec(address) ?? [];
  return first24 === undefined ? subnetOf(address) : `${first24}.0/24`;
}

/** True for addresses that no stranger elsewhere can have: of a home, a school, a link (RFC 1918, 3927, 4193, 4291). */
export function isPrivate(host: string): boolean {
  return privateAddress.test(asIPv4(host)) || isLoopback(asIPv4(host));
}

const privateAddress =
  /^(?:10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;
