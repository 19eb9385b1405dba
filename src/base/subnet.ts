import { isIPv6 } from 'node:net';
import { asIPv4 } from './host.ts';

/**
 * The network that an address stands for: itself where it is IPv4, or the /64 of an IPv6 address, which is what RFC 4291 gives to one link, so that
 * a household or a single machine may have all of it.
 */
export function subnetOf(address: string): string {
  if (!isIPv6(asIPv4(address)) || address === '::1') return asIPv4(address);
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const omitted = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const all = [...groups, ...Array<string>(omitted).fill('0'), ...(tail ?? '').split(':')];
  return `${all.slice(0, 4).join(':')}::/64`;
}
