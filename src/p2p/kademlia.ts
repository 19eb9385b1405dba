import { type PeerDiscoveryProvider, type PeerInfo, peerDiscoverySymbol, start, stop } from '@libp2p/interface';
import { type KadDHT, type KadDHTComponents, kadDHT, passthroughMapper } from '@libp2p/kad-dht';
import { Budget } from '../node/sync/budget.ts';
import { EmptyDatastore } from './empty-datastore.ts';
import type { FoundPeers } from './found-peers.ts';
import { limits } from './limits.ts';
import { lookupProtocol } from './protocols.ts';

/** Finds the nodes of a chain by Kademlia, and is found: each node asks those whose identities are near its own for others that are nearer. */
export class Kademlia {
  readonly #components: KadDHTComponents;
  readonly #budgets = new Map<string, Budget>();
  readonly #stopping = new AbortController();
  #dht: KadDHT | undefined;
  #isLooking = false;
  #hasNews = false;

  constructor(components: KadDHTComponents) {
    this.#components = components;
  }

  /**
   * Begins to look for nodes of a chain. To be called once.
   * @param flooded a peer asks for more than it may
   */
  async join(chainId: string, found: FoundPeers, flooded: (peer: string) => void): Promise<void> {
    const { registrar, addressManager } = this.#components;
    const protocol = lookupProtocol(chainId);
    const dht = kadDHT({
      protocol,
      // Who listens nowhere cannot be asked.
      clientMode: addressManager.getAddresses().length === 0,
      // The default drops private addresses, which are all that a class has.
      peerInfoMapper: passthroughMapper,
      allowQueryWithZeroPeers: true,
      querySelfInterval: limits.lookupIntervalMs,
      maxInboundStreams: limits.streamsPerPeerMax,
    })({ ...this.#parts(), datastore: new EmptyDatastore() });
    if (isDiscovery(dht)) dht[peerDiscoverySymbol].addEventListener('peer', ({ detail }) => this.#hear(detail, found));
    if ('routingTable' in dht && dht.routingTable instanceof EventTarget)
      dht.routingTable.addEventListener('peer:add', () => void this.#look(dht));
    this.#dht = dht;
    await start(dht);
    if (dht.getMode() === 'client') return;
    const { handler, options } = registrar.getHandler(protocol);
    await registrar.handle(
      protocol,
      async (stream, connection) => {
        const peer = connection.remotePeer.toString();
        // What handles the stream has to be the first that listens to it.
        const handling = handler(stream, connection);
        stream.addEventListener('message', ({ data }) => {
          if (!this.#spend(peer, data.byteLength)) flooded(peer);
        });
        await handling;
      },
      { ...options, force: true },
    );
  }

  /** The peer is gone. */
  forget(peer: string): void {
    this.#budgets.delete(peer);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await stop(this.#dht);
  }

  /** Looks for nodes near this one, and again when there was somebody new meanwhile, until all are known. */
  async #look(dht: KadDHT): Promise<void> {
    this.#hasNews = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    const near = this.#components.peerId.toMultihash().bytes;
    const { signal } = this.#stopping;
    while (this.#hasNews && !signal.aborted) {
      this.#hasNews = false;
      try {
        for await (const _ of dht.getClosestPeers(near, { signal }));
      } catch {
        // What was found so far is known. The rest is looked for next time.
      }
    }
    this.#isLooking = false;
  }

  /** Keeps what was said of a node, so that it can be dialled; it is dialled here, too, to be asked. */
  #hear({ id, multiaddrs }: PeerInfo, found: FoundPeers): void {
    if (id.equals(this.#components.peerId) || !found.add({ id, multiaddrs })) return;
    void this.#components.peerStore.merge(id, { multiaddrs: found.of(id) }).catch(() => undefined);
  }

  /** Counts bytes of a peer. Returns false where they are too many. */
  #spend(peer: string, bytes: number): boolean {
    const budget = this.#budgets.get(peer) ?? new Budget(limits.lookupBytesPerSecondMax, limits.lookupBurstBytes);
    this.#budgets.set(peer, budget);
    const nowMs = performance.now();
    if (budget.waitMs(bytes, nowMs) > 0) return false;
    budget.spend(bytes, nowMs);
    return true;
  }

  /** The parts of the library that are used, each by its name: it hands them out one by one. */
  #parts(): KadDHTComponents {
    const { peerId, privateKey, registrar, addressManager, peerStore, connectionManager } = this.#components;
    const { datastore, events, logger, ping } = this.#components;
    const network = { peerId, privateKey, registrar, addressManager, peerStore, connectionManager };
    return { ...network, datastore, events, logger, ping };
  }
}

/** Its type does not say so. */
function isDiscovery(dht: KadDHT): dht is KadDHT & PeerDiscoveryProvider {
  return peerDiscoverySymbol in dht;
}
