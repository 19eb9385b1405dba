import { isLoopback } from './host.ts';
import { subnetOf } from './subnet.ts';

/**
 * How many connections each network address has. A class behind one router shares one IPv4 address, so the bound must be generous; of IPv6 a
 * household or a single machine has a whole /64, which counts as one. This machine itself is not counted.
 */
export class PerSubnetLimiter {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  /** At most `max` connections a network (`networkOf`); 0 is no limit. */
  constructor(max: number) {
    this.#max = max;
  }

  /** Takes a place for an address, one of `more` than usual, and returns what gives it back; undefined when its network has all its places. */
  enter(address: string, more = 0): (() => void) | undefined {
    const network = this.subnetOf(address);
    if (network === undefined) return () => undefined;
    const count = this.#counts.get(network) ?? 0;
    if (count >= this.#max + more) return undefined;
    this.#counts.set(network, count + 1);
    return () => this.#leave(network);
  }

  /** What an address is counted as; undefined when it is not counted. */
  subnetOf(address: string): string | undefined {
    const network = subnetOf(address);
    return this.#max === 0 || isLoopback(network) ? undefined : network;
  }

  #leave(network: string): void {
    const count = (this.#counts.get(network) ?? 0) - 1;
    if (count > 0) this.#counts.set(network, count);
    else this.#counts.delete(network);
  }
}
