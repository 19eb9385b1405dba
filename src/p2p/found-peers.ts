import type { PeerId, PeerInfo } from '@libp2p/interface';
import type { Multiaddr } from '@multiformats/multiaddr';
import { Budget } from '../node/sync/budget.ts';
import { limits } from './limits.ts';

/** Nodes of the chain that were heard of, with their addresses: the last ones. What is said of them is not proved before they are dialled. */
export class FoundPeers {
  readonly #addresses = new Map<string, readonly Multiaddr[]>();
  readonly #budget = new Budget(limits.foundPeersPerSecondMax, limits.foundPeersMax);

  /** Returns false where too many were heard of. */
  add({ id, multiaddrs }: Pick<PeerInfo, 'id' | 'multiaddrs'>): boolean {
    const peer = id.toString();
    if (multiaddrs.length === 0) return false;
    if (!this.#addresses.delete(peer)) {
      const nowMs = performance.now();
      if (this.#budget.waitMs(1, nowMs) > 0) return false;
      this.#budget.spend(1, nowMs);
    }
    this.#addresses.set(peer, multiaddrs.slice(0, limits.addressesPerPeerMax));
    const [oldest] = this.#addresses.keys();
    if (this.#addresses.size > limits.foundPeersMax && oldest !== undefined) this.#addresses.delete(oldest);
    return true;
  }

  /** The addresses of one that was added. */
  of(id: PeerId): Multiaddr[] {
    return [...(this.#addresses.get(id.toString()) ?? [])];
  }

  /** The addresses of those that are not connected, the latest first, as they are dialled. */
  addresses(isConnected: (peer: string) => boolean): readonly string[] {
    const lost = [...this.#addresses].reverse().filter(([peer]) => !isConnected(peer));
    return lost.flatMap(([peer, addresses]) => addresses.map((address) => `${address}/p2p/${peer}`));
  }
}
