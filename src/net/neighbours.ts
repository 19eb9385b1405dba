import { isIPv6 } from 'node:net';

/**
 * How many connections each network address has. A class behind one router shares one IPv4 address, so the bound must be generous; of IPv6 a
 * household or a single machine has a whole /64, which counts as one. This machine itself is not counted.
 */
export class Neighbours {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  /** At most `max` connections a network (`networkOf`); 0 is no limit. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Takes a place for an address, one of `more` than usual, and returns what gives it back; undefined when its network has all its places. */
  enter(address: string, more = 0): (() => void) | undefined {
    const network = this.networkOf(address);
    if (network === undefined) return () => undefined;
    const count = this.#counts.get(network) ?? 0;
    if (count >= this.#max + more) return undefined;
    this.#counts.set(network, count + 1);
    return () => this.#leave(network);
  }

  /** What an address is counted as; undefined when it is not counted. */
  networkOf(address: string): string | undefined {
    const network = networkOf(address);
    return this.#max === 0 || isLoopback(network) ? undefined : network;
  }

  #leave(network: string): void {
    const count = (this.#counts.get(network) ?? 0) - 1;
    if (count > 0) this.#counts.set(network, count);
    else this.#counts.delete(network);
  }
}

/** True for the addresses by which a machine reaches itself. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address === 'localhost' || /^127\./.test(address);
}

/** What is counted as one: the address as IPv4 where it is one, or the /64 of an IPv6 address, which is what RFC 4291 gives to one link. */
function networkOf(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address) || address === '::1') return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const omitted = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length);
  const all = [...groups, ...Array<string>(omitted).fill('0'), ...(tail ?? '').split(':')];
  return `${all.slice(0, 4).join(':')}::/64`;
}
