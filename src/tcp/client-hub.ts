import type { ChainKind } from '../consensus/engine.ts';
import { isGenesis } from '../core/block.ts';
import type { BlockTexts, ChainText } from '../node/chain-text.ts';
import type { EventListener, NodeEvent } from '../node/ports.ts';
import { Broadcaster, type ChainPortions, socketPortions } from './broadcaster.ts';
import { type ChainDeliveryOptions, ChainDeliveryScheduler, socketDeliveries } from './chain-delivery-scheduler.ts';
import { notifyClients } from './client-notifier.ts';
import type { Connection, ConnectionHost } from './connection.ts';
import { kicked, operatorSays } from './operator-text.ts';

/** In what portions the chain goes out, and to how many at a time. */
export interface ClientHubBounds {
  readonly portions: ChainPortions;
  readonly deliveries: Omit<ChainDeliveryOptions, 'clock'>;
}

/** The bounds that are good for real sockets. */
const socketBounds: ClientHubBounds = { portions: socketPortions, deliveries: socketDeliveries };

/** What a connection asks of the node, and what it may; the hub knows the rest. */
export type ClientRules = Omit<ConnectionHost, 'clock' | 'deliver' | 'forget'>;

/**
 * Everybody who is connected, and the way by which all of them hear what happens: the broadcasts, the deliveries of the chain, the events
 * of the node. Knows no sockets: a simulation uses the same with wires of its own.
 */
export class ClientHub implements EventListener {
  /** The connections that exist. The owner of their sockets adds and removes them. */
  readonly connections: Set<Connection> = new Set();
  readonly #clock: ChainDeliveryOptions['clock'];
  readonly #broadcaster: Broadcaster;
  readonly #deliveries: ChainDeliveryScheduler;
  /** How the chain is made. */
  #kind: ChainKind = 'lottery';

  /** @param store has the blocks that the chain is sent from */
  constructor(
    clock: ChainDeliveryOptions['clock'],
    store: BlockTexts,
    { portions, deliveries }: ClientHubBounds = socketBounds,
  ) {
    this.#clock = clock;
    const { connections } = this;
    const yieldToEventLoop = (): Promise<void> => clock.yieldToEventLoop();
    this.#broadcaster = new Broadcaster({ connections, yieldToEventLoop, portions, store });
    this.#deliveries = new ChainDeliveryScheduler({ clock, ...deliveries });
  }

  /** The chain as everybody is sent it. */
  get chain(): ChainText {
    return this.#broadcaster.chain;
  }

  /** What connections of this hub need. */
  host(rules: ClientRules): ConnectionHost {
    return {
      ...rules,
      clock: this.#clock,
      deliver: (connection) => this.#deliveries.add(connection),
      forget: (connection) => this.#deliveries.remove(connection),
    };
  }

  /** Tells those who are connected what they are to hear of an event. */
  onEvent(event: NodeEvent): void {
    if (event.kind === 'loaded' && isGenesis(event.block)) {
      this.#kind = event.block.Genesis.Consensus.Kind;
    }
    notifyClients(this.#broadcaster, event, this.#kind);
  }

  /** Tells everybody what the operator says, bytes in a latin1 string; returns how many are connected. */
  say(line: string): number {
    this.#broadcaster.tell(operatorSays(line));
    return this.connections.size;
  }

  /** Sends the validator with an address away with its last words; `hadCode` where it had a rejoin code, which is void by now. */
  kick(address: string, hadCode: boolean): void {
    for (const connection of this.connections) {
      if (connection.address === address) connection.kick(kicked(hadCode, this.#kind));
    }
  }

  /** Resolves when everything that was to be told before has been handed to the sockets. */
  settled(): Promise<void> {
    return this.#broadcaster.settled();
  }
}
