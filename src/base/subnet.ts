import { isIPv6 } from 'node:net';
import { asIPv4 } from './host.ts';

/**
 * The subnet that an address belongs to: an IPv4 address itself, or the /64 of an IPv6 address. RFC 4291 gives a /64 to one link, so a household
 * or a single machine may have all of it.
 */
export function subnetOf(address: string): string {
  if (!isIPv6(asIPv4(address)) || address === '::1') return asIPv4(address);
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const omitted = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const all = [...groups, ...Array<string>(omitted).fill('0'), ...(tail ?? '').split(':')];
  return `${all.slice(0, 4).join(':')}::/64`;
}
