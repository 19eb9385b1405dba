import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import { listenAddresses } from '../../base/host.ts';
import type { Clock } from '../../consensus/clock.ts';
import type { StoredBlock } from '../../consensus/engine.ts';
import type { ShownPeers } from '../../http/peers-report.ts';
import type { Node } from '../../node/assemble.ts';
import type { BlockStore } from '../../node/ports.ts';
import { PeerError, type PeerNetwork } from '../../node/sync/peer-network.ts';
import type { SeatNetwork, SeatStream } from '../../node/sync/seat-network.ts';
import { authorityOf, chooseSeatPeer, relaySeat } from '../../node/sync/seat-relay.ts';
import { Sync } from '../../node/sync/sync.ts';
import type { SyncListener } from '../../node/sync/sync-event.ts';
import { nativeVerifier } from '../../platform/ed25519.ts';
import { readSecretFile } from '../../platform/secret-file.ts';
import type { Config } from '../config/config.ts';

export interface PeerSideParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly store: BlockStore;
  readonly listener: SyncListener;
}

/** What a server has to do with other nodes. */
export class PeerSide {
  readonly network: PeerNetwork & SeatNetwork;
  readonly #sync: Sync;
  readonly #ending = new AbortController();
  #seatAttempts = 0;

  private constructor(network: PeerNetwork & SeatNetwork, sync: Sync) {
    this.network = network;
    this.#sync = sync;
    // Each peer, and each request of one, listens to it: that is no leak.
    setMaxListeners(0, this.#ending.signal);
  }

  /** Opens the network as the settings want it. */
  static async open({ config, clock, store, listener }: PeerSideParts): Promise<PeerSide> {
    const { host, peerPort, peers, chainId, dataDir, mdns } = config;
    const { Libp2pNetwork } = await import('../../p2p/libp2p-network.ts');
    const network = await Libp2pNetwork.open({
      seed: readSecretFile(join(dataDir, 'peer-key'), true, 'Without this key the node is another one to its peers'),
      listen: peerPort === undefined ? [] : [multiaddrOf(host, peerPort)],
      ...{ mdns, chainId },
    });
    const verifySignature = nativeVerifier();
    const sync = new Sync({
      ...{ clock, network, store, verifySignature, listener, chainId },
      addresses: peers,
    });
    return new PeerSide(network, sync);
  }

  /** Begins to listen and to dial. Rejects with a PeerListenError where the port cannot be had. */
  async start(): Promise<void> {
    await this.#sync.start(this.#ending.signal);
  }

  /** The genesis of the peers' chain, as soon as one of them has given it. Rejects with the reason of `stopAsked` when that comes first. */
  async genesis(stopAsked: AbortSignal): Promise<StoredBlock> {
    stopAsked.throwIfAborted();
    const stopped = new Promise<never>((_, reject) => {
      stopAsked.addEventListener('abort', () => reject(stopAsked.reason), { once: true });
    });
    return Promise.race([this.#sync.genesis(), stopped]);
  }

  /** Keeps the chain the same as that of the peers, and announces what is made here, until `stop`. Rejects when a block cannot be stored. */
  async run({ chain, events, ledger, authority }: Node): Promise<void> {
    events.subscribe(this.#sync);
    await this.#sync.run({
      chain,
      ...(authority === undefined ? {} : { authority }),
      waitingTransaction: (id) => {
        const waiting = ledger?.waiting().find((each) => each.id === id);
        return waiting === undefined ? undefined : JSON.stringify(waiting.transaction);
      },
      waitingTransactions: () => ledger?.waiting().map(({ transaction }) => JSON.stringify(transaction)) ?? [],
      takeTransaction: (json) => ledger !== undefined && ledger.submit(json).kind !== 'refused',
      // A candidate comes to the authority with the person who has it.
      takeCandidate: () => false,
    });
  }

  /** Who the peers are, and who was cut. */
  get shown(): ShownPeers {
    const { table, progress } = this.#sync;
    return { peers: table.peers(), cutCounts: table.cutCounts, lastCuts: table.lastCuts, progress };
  }

  /** The way of a person to the authority of the chain, maybe by way of another node. Rejects with a PeerError while there is none. */
  async openSeat(signal: AbortSignal): Promise<SeatStream> {
    const peer = chooseSeatPeer(this.#sync.table.peers(), this.#seatAttempts);
    this.#seatAttempts += 1;
    if (peer === undefined) throw new PeerError('the authority is out of reach', false);
    return this.network.openSeat(peer, signal);
  }

  /** From here on takes people on to the authority who come by way of peers that do not reach it themselves. */
  async relaySeats(chainId: string, failed: (error: unknown) => void): Promise<void> {
    await this.network.takeSeats(chainId, (person) => void this.#relaySeat(person).catch(failed));
  }

  async #relaySeat(person: SeatStream): Promise<void> {
    const { signal } = this.#ending;
    const authority = authorityOf(this.#sync.table.peers());
    if (authority === undefined) person.abort(new PeerError('the authority is out of reach', false));
    else await relaySeat(person, this.network.openSeat(authority, signal), signal);
  }

  /** Leaves all peers. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.network.stop();
  }
}

/** Where to listen for peers: one address, so that the banner has one line. */
function multiaddrOf(host: string, port: number): string {
  const [address = host] = listenAddresses(host);
  return `/${address.includes(':') ? 'ip6' : 'ip4'}/${address}/tcp/${port}`;
}
