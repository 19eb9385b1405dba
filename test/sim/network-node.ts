import { SearchTurns } from '../../src/cli/scenario/search-turns.ts';
import type { StoredBlock } from '../../src/consensus/engine.ts';
import { TicketReceipts } from '../../src/consensus/lottery/ticket-receipts.ts';
import { InProcessSearch } from '../../src/consensus/work/search/in-process-search.ts';
import type { Signer, VerifySignature } from '../../src/core/keys.ts';
import { assemble, type Node, type NodeSettings } from '../../src/node/assemble.ts';
import type { Chain } from '../../src/node/chain.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { Sync } from '../../src/node/sync/sync.ts';
import type { SyncEvent } from '../../src/node/sync/sync-event.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { verifySignature } from '../core/build-chain.ts';
import { ProcessClock } from './process-clock.ts';
import type { SimulatedNetworks } from './simulated-network.ts';
import { SimulatedSecrets } from './simulated-secrets.ts';

/** How long a simulated miner searches without a look around. */
const searchStepMs = 10;

/** The secret of the wallets of all nodes: each has the same faucet. */
export const faucetSecret: Buffer = Buffer.from('wallets of a simulation');

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

export interface NetworkNodeOptions {
  readonly world: SimulatedNetworks;
  readonly id: string;
  /** What is known at the start. */
  readonly peers?: readonly string[];
  /** A store that another run of this node has left. */
  readonly store?: MemoryStore;
  readonly chainId?: string;
  /** The genesis of a node that begins a chain which is given to it block by block, with the key that signs it. */
  readonly genesis?: StoredBlock;
  readonly authority?: Signer;
  /** How a node begins a chain of its own. */
  readonly founds?: Pick<NodeSettings, 'newChain' | 'newLedger'>;
  /** Where the addresses of its people come from: another one for each process. */
  readonly seed?: number;
  /** The master secret: the same for all processes of a node. */
  readonly masterSeed?: number;
  readonly noncesPerMs?: number;
  /** What its wallets come from; the same for all nodes where it is left out, so that each has the faucet. */
  readonly walletSecret?: Buffer;
  readonly onEvent?: (event: NodeEvent) => void;
}

/** A whole node of a simulated network, whatever makes its chain: people, engine and ledger, and what keeps it the same as its peers. */
export class NetworkNode {
  readonly id: string;
  readonly store: MemoryStore;
  readonly sync: Sync;
  readonly events: NodeEvent[] = [];
  readonly syncEvents: SyncEvent[] = [];
  /** What ended a part of it, and what a listener threw. */
  readonly failures: unknown[] = [];
  readonly #options: NetworkNodeOptions;
  readonly #clock: ProcessClock;
  readonly #stopping = new AbortController();
  readonly #network: ReturnType<SimulatedNetworks['peer']>;
  #node: Node | undefined;

  constructor(options: NetworkNodeOptions) {
    const { world, id, peers = [], store = new MemoryStore(), chainId } = options;
    this.#options = options;
    this.id = id;
    this.store = store;
    this.#clock = new ProcessClock(world.clock);
    this.#network = world.peer(id);
    this.sync = new Sync({
      clock: this.#clock,
      network: this.#network,
      store,
      verifySignature: verifyOnce,
      listener: { onSync: (event) => this.syncEvents.push(event) },
      addresses: peers,
      chainId,
    });
  }

  /** Begins, and goes on in the background. */
  start(): void {
    void this.#run().catch((error: unknown) => this.#failed(error));
  }

  /** The chain is loaded, or its genesis has come. */
  get isOpen(): boolean {
    return this.#node !== undefined;
  }

  get node(): Node {
    if (this.#node === undefined) throw new Error(`${this.id} has no chain`);
    return this.#node;
  }

  get chain(): Chain {
    return this.node.chain;
  }

  get height(): number {
    return this.#node?.chain.height ?? -1;
  }

  get tipHash(): string | undefined {
    return this.#node?.chain.tip?.hash;
  }

  /** Takes a block that was made for this node. */
  async make(stored: StoredBlock): Promise<void> {
    const fault = await this.chain.accept(stored, () => ({ receipts: new TicketReceipts(stored.body ?? []) }));
    if (fault !== undefined) throw new Error(`${fault.rule}: ${fault.why}`);
  }

  /** Somebody proposes a BPM here. Returns whose block it will be. */
  propose(bpm: number): string {
    const { service } = this.node;
    const address = service.enter?.() ?? service.join(1n);
    const { kind } = service.propose(address, bpm);
    if (!['accepted', 'queued', 'sealing'].includes(kind)) throw new Error(`a candidate was not taken: ${kind}`);
    return address;
  }

  /** The process is gone at once; its store stays. */
  async crash(): Promise<void> {
    this.#clock.kill();
    this.#stopping.abort(new Error('crashed'));
    await this.#network.stop();
  }

  #failed(error: unknown): void {
    if (!this.#stopping.signal.aborted) this.failures.push(error);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    await this.sync.start(signal);
    const { world, founds, genesis } = this.#options;
    const isNew = founds === undefined && this.store.height < 0;
    const given = isNew ? (genesis ?? (await this.sync.genesis())) : undefined;
    const node = await world.clock.hold(this.#open(given));
    this.#node = node;
    const { chain, ledger } = node;
    const authority = this.#options.authority ?? node.authority;
    node.events.subscribe(this.sync);
    node.run(signal).catch((error: unknown) => this.#failed(error));
    await this.sync.run({
      chain,
      ...(authority === undefined ? {} : { authority }),
      waitingTransaction: (id) =>
        ledger?.waiting().flatMap((checked) => (checked.id === id ? [JSON.stringify(checked.transaction)] : []))[0],
      waitingTransactions: () => ledger?.waiting().map(({ transaction }) => JSON.stringify(transaction)) ?? [],
      takeTransaction: (json) => ledger !== undefined && ledger.submit(json).kind !== 'refused',
      takeCandidate: () => false,
    });
  }

  #open(genesis: StoredBlock | undefined): Promise<Node> {
    const {
      founds,
      seed = 1,
      masterSeed = seed,
      noncesPerMs = 1,
      walletSecret = faucetSecret,
      onEvent,
    } = this.#options;
    const clock = this.#clock;
    const witness = (event: NodeEvent): void => {
      this.events.push(event);
      onEvent?.(event);
    };
    return assemble(
      {
        clock,
        secrets: new SimulatedSecrets(seed, masterSeed),
        verifySignature: verifyOnce,
        store: this.store,
        sessionStore: this.store,
        wallets: () => new ServerWallets(walletSecret),
        subscribers: [{ onEvent: witness }],
        failed: (error) => this.#failed(error),
        mining: {
          nonces: new InProcessSearch(new SearchTurns(clock, searchStepMs), searchStepMs * noncesPerMs),
          mine: 'waiting',
        },
        ...(founds === undefined ? { upstream: { genesis: async () => genesis ?? this.sync.genesis() } } : {}),
      },
      {
        ...founds,
        linksPerChain: 4,
        intervalMs: 1000,
        broadcastIntervalMs: 3_600_000,
        rejoinGraceMs: 0,
        grant: 1000n,
      },
    );
  }
}
