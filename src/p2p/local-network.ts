import { type PeerDiscovery, start, stop } from '@libp2p/interface';
import type { MulticastDNSComponents } from '@libp2p/mdns';
import type { FoundPeers } from './found-peers.ts';
import { localService } from './protocols.ts';

/** Finds the nodes of a chain in the same local network by mDNS, and is found there. */
export class LocalNetwork {
  readonly #components: MulticastDNSComponents;
  #chainId: string | undefined;
  #mdns: PeerDiscovery | undefined;

  constructor(components: MulticastDNSComponents) {
    this.#components = components;
  }

  /** Begins to ask and to answer. Nothing happens where that is being done. */
  async join(chainId: string, found: FoundPeers): Promise<void> {
    if (this.#chainId !== undefined) return;
    this.#chainId = chainId;
    const { mdns } = await import('@libp2p/mdns');
    const { addressManager, logger } = this.#components;
    this.#mdns = mdns({ serviceTag: localService(chainId) })({ addressManager, logger });
    this.#mdns.addEventListener('peer', ({ detail }) => void found.add(detail));
    await start(this.#mdns);
  }

  async stop(): Promise<void> {
    await stop(this.#mdns);
  }
}
