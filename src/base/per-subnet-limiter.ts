import { isLoopback } from './host.ts';
import { subnetOf } from './subnet.ts';

/**
 * Limits the number of connections per subnet (`subnetOf`). A class behind one router shares one IPv4 address, so the limit must be generous. A
 * household or a single machine has a whole /64 of IPv6, which counts as one subnet. Connections from this machine itself are not counted.
 */
export class PerSubnetLimiter {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  /** @param max connections per subnet; 0 is no limit */
  constructor(max: number) {
    this.#max = max;
  }

  /**
   * Counts a connection from an address, and returns a function that uncounts it; undefined when its subnet is at the limit. `more` raises the
   * limit for this call.
   */
  enter(address: string, more = 0): (() => void) | undefined {
    const subnet = this.subnetOf(address);
    if (subnet === undefined) return () => undefined;
    const count = this.#counts.get(subnet) ?? 0;
    if (count >= this.#max + more) return undefined;
    this.#counts.set(subnet, count + 1);
    return () => this.#leave(subnet);
  }

  /** The subnet under which an address is counted; undefined when it is not counted. */
  subnetOf(address: string): string | undefined {
    const subnet = subnetOf(address);
    return this.#max === 0 || isLoopback(subnet) ? undefined : subnet;
  }

  #leave(subnet: string): void {
    const count = (this.#counts.get(subnet) ?? 0) - 1;
    if (count > 0) this.#counts.set(subnet, count);
    else this.#counts.delete(subnet);
  }
}
