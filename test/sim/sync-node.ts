import type { StoredBlock } from '../../src/consensus/engine.ts';
import { TicketReceipts } from '../../src/consensus/lottery/ticket-receipts.ts';
import type { Signer, VerifySignature } from '../../src/core/keys.ts';
import { Chain } from '../../src/node/chain.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { Sync } from '../../src/node/sync/sync.ts';
import type { SyncEvent } from '../../src/node/sync/sync-event.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { verifySignature } from '../core/build-chain.ts';
import type { SimulatedNetworks } from './simulated-network.ts';

/** Signatures that were found valid by any node: what all nodes verify is computed once. */
const valid = new Set<string>();

/** The rule of signatures, for many nodes in one process. */
export const verifyOnce: VerifySignature = (key, message, signature) => {
  const signed = `${signature}${key}${String(message)}`;
  if (valid.has(signed)) return true;
  if (!verifySignature(key, message, signature)) return false;
  valid.add(signed);
  return true;
};

export interface SyncNodeOptions {
  readonly world: SimulatedNetworks;
  readonly id: string;
  /** What is known at the start. */
  readonly peers?: readonly string[];
  /** A store that another run of this node has left. */
  readonly store?: MemoryStore;
  readonly chainId?: string;
  readonly authority?: Signer;
  /** The genesis of a node that begins the chain. */
  readonly genesis?: StoredBlock;
}

/** A node of a simulation: a chain and what keeps it the same as that of its peers, and nothing else. */
export class SyncNode {
  readonly id: string;
  readonly store: MemoryStore;
  readonly sync: Sync;
  readonly events: SyncEvent[] = [];
  readonly #options: SyncNodeOptions;
  readonly #stopping = new AbortController();
  readonly #network: ReturnType<SimulatedNetworks['peer']>;
  #chain: Chain | undefined;
  /** What ended the run, where it was no stop. */
  failure: unknown;

  constructor(options: SyncNodeOptions) {
    const { world, id, peers = [], store = new MemoryStore(), chainId } = options;
    this.#options = options;
    this.id = id;
    this.store = store;
    this.#network = world.peer(id);
    this.sync = new Sync({
      clock: world.clock,
      network: this.#network,
      store,
      verifySignature: verifyOnce,
      listener: { onSync: (event) => this.events.push(event) },
      addresses: peers,
      chainId,
    });
  }

  /** Begins, and goes on in the background. */
  start(): void {
    void this.#run().catch((error: unknown) => {
      if (!this.#stopping.signal.aborted) this.failure = error;
    });
  }

  get chain(): Chain {
    if (this.#chain === undefined) throw new Error(`${this.id} has no chain`);
    return this.#chain;
  }

  get height(): number {
    return this.#chain?.height ?? -1;
  }

  get tipHash(): string | undefined {
    return this.#chain?.tip?.hash;
  }

  /** A block that this node makes. */
  async make(stored: StoredBlock): Promise<void> {
    const fault = await this.chain.accept(stored, () => ({ receipts: new TicketReceipts(stored.body ?? []) }));
    if (fault !== undefined) throw new Error(`${fault.rule}: ${fault.why}`);
  }

  /** The process is gone at once; its store stays. */
  async crash(): Promise<void> {
    this.#stopping.abort(new Error('crashed'));
    await this.#network.stop();
  }

  async #run(): Promise<void> {
    const { world, genesis, authority } = this.#options;
    await this.sync.start(this.#stopping.signal);
    const listener = { onEvent: (event: NodeEvent) => this.sync.onEvent(event) };
    const chain = await Chain.open({ clock: world.clock, verifySignature: verifyOnce, store: this.store, listener });
    if (chain.tip === undefined) await chain.found(genesis ?? (await this.sync.genesis()));
    this.#chain = chain;
    await this.sync.run({
      chain,
      ...(authority === undefined ? {} : { authority }),
      waitingTransaction: () => undefined,
      takeTransaction: () => false,
      takeCandidate: () => false,
    });
  }
}
