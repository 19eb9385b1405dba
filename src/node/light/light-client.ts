import type { Clock } from '../../consensus/clock.ts';
import type { Tip } from '../../consensus/verifier.ts';
import type { VerifySignature } from '../../core/keys.ts';
import { Chain } from '../chain.ts';
import type { BlockStore, NodeEvent } from '../ports.ts';
import { PeerClient } from '../sync/peer-client.ts';
import type { PeerNetwork } from '../sync/peer-network.ts';
import type { PeerTable } from '../sync/peer-table.ts';
import { Sync } from '../sync/sync.ts';
import type { SyncListener } from '../sync/sync-event.ts';
import { AccountWatch, type WatchedAccount } from './account-watch.ts';

export interface LightClientPorts {
  readonly clock: Clock;
  readonly network: PeerNetwork;
  /** Keeps the headers. */
  readonly store: BlockStore;
  readonly verifySignature: VerifySignature;
  readonly listener: SyncListener;
  /** Addresses of peers to begin with. */
  readonly addresses: readonly string[];
  /** The one chain to take; that of the first peer where it is left out. */
  readonly chainId?: string | undefined;
  /** The accounts that are watched. */
  readonly keys: readonly string[];
  /** The chain is loaded, or begun. */
  readonly opened: (tip: Tip) => void;
  /** Called for each account at first, and then whenever it has changed. */
  readonly told: (account: WatchedAccount) => void;
}

/** A node in the role of a wallet: it keeps the headers of a chain, each verified, and proves some accounts against them. It trusts no peer. */
export class LightClient {
  readonly #ports: LightClientPorts;
  readonly #sync: Sync;
  readonly #watch: AccountWatch;

  constructor(ports: LightClientPorts) {
    const { clock, network, store, verifySignature, listener, addresses, chainId, keys, told } = ports;
    this.#ports = ports;
    const sync = new Sync({
      ...{ clock, network, store, verifySignature, listener, addresses, chainId },
      keeps: 'headers',
    });
    this.#sync = sync;
    this.#watch = new AccountWatch({
      ...{ clock, keys, told },
      client: new PeerClient(clock, network),
      peers: () => sync.table.peers(),
      cut: (peer, reason) => sync.cut(peer, reason),
    });
  }

  /** Who the peers are, and who was cut. */
  get table(): PeerTable {
    return this.#sync.table;
  }

  /** Goes on until `stopping` comes. Rejects where the stored headers do not hold, or one cannot be stored, and with the reason of `stopping` before there is a chain. */
  async run(stopping: AbortSignal): Promise<void> {
    const { clock, store, verifySignature, opened } = this.#ports;
    const listener = { onEvent: (event: NodeEvent) => this.#watch.onEvent(event) };
    const stop = { stopAsked: stopping };
    const chain = await Chain.open({ clock, store, verifySignature, listener, keeps: 'headers', ...stop });
    await this.#sync.start(stopping);
    opened(chain.tip ?? (await chain.found(await this.#sync.genesis())));
    const following = this.#sync.run({
      chain,
      waitingTransaction: () => undefined,
      waitingTransactions: () => [],
      takeTransaction: () => false,
      takeCandidate: () => false,
    });
    await Promise.all([following, this.#watch.run(stopping)]);
  }
}
