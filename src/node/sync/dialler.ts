import type { Clock } from '../../consensus/clock.ts';
import { limits } from './limits.ts';
import type { PeerNetwork } from './peer-network.ts';

/** An address that is dialled while no peer there is connected. */
interface Target {
  /** Whom it led to; undefined before it did. */
  peer: string | undefined;
  dueMs: number;
  delayMs: number;
  isDialling: boolean;
}

/** Dials addresses, those that the operator named again and again, the longer the less often, and those that were heard of once. */
export class Dialler {
  readonly #clock: Clock;
  readonly #network: Pick<PeerNetwork, 'dial' | 'id' | 'addresses'>;
  readonly #named: ReadonlyMap<string, Target>;
  /** Addresses that were dialled because a peer told of them; the oldest first. */
  readonly #tried = new Set<string>();

  constructor(clock: Clock, network: Pick<PeerNetwork, 'dial' | 'id' | 'addresses'>, named: readonly string[]) {
    this.#clock = clock;
    this.#network = network;
    this.#named = new Map(
      named.map((address) => [address, { peer: undefined, dueMs: 0, delayMs: limits.redialMinMs, isDialling: false }]),
    );
  }

  /** True for a peer whose address the operator named: the address ends with its identity, or has led to it before. */
  isNamed(peer: string): boolean {
    return [...this.#named].some(
      ([address, target]) => target.peer === peer || address === peer || address.endsWith(`/${peer}`),
    );
  }

  /** Dials the named addresses that are due. Returns when the next one is, on the monotonic clock; undefined while none is to be dialled. */
  dialNamed(isConnected: (peer: string) => boolean): number | undefined {
    const nowMs = this.#clock.monotonicMs();
    let nextMs: number | undefined;
    for (const [address, target] of this.#named) {
      if (target.isDialling || (target.peer !== undefined && isConnected(target.peer))) continue;
      if (target.dueMs <= nowMs) void this.#dial(address, target);
      else nextMs = Math.min(nextMs ?? target.dueMs, target.dueMs);
    }
    return nextMs;
  }

  /** A named peer is gone: it is dialled again soon. */
  gone(peer: string): void {
    for (const target of this.#named.values()) {
      if (target.peer !== peer) continue;
      target.delayMs = limits.redialMinMs;
      target.dueMs = this.#clock.monotonicMs() + target.delayMs;
    }
  }

  /** Dials addresses that a peer told of, each once in a long time. */
  dialFound(addresses: readonly string[], max: number): void {
    const own = this.#network.addresses;
    const found = addresses.filter((address) => !this.#tried.has(address) && !own.includes(address));
    for (const address of found.slice(0, Math.max(0, max))) {
      this.#tried.add(address);
      const [oldest] = this.#tried;
      if (this.#tried.size > limits.addressesTriedMax && oldest !== undefined) this.#tried.delete(oldest);
      void this.#network.dial(address).catch(() => undefined);
    }
  }

  async #dial(address: string, target: Target): Promise<void> {
    target.isDialling = true;
    try {
      target.peer = await this.#network.dial(address);
      target.delayMs = limits.redialMinMs;
    } catch {
      target.delayMs = Math.min(target.delayMs * 2, limits.redialMaxMs);
    } finally {
      target.dueMs = this.#clock.monotonicMs() + target.delayMs;
      target.isDialling = false;
    }
  }
}
