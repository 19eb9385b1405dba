import { runToEnd } from '../../src/base/run-to-end.ts';
import type { StoredBlock } from '../../src/consensus/engine.ts';
import { InProcessSearch } from '../../src/consensus/work/search/in-process-search.ts';
import { LedgerState } from '../../src/ledger/ledger-state.ts';
import { assemble, type Node } from '../../src/node/assemble.ts';
import type { AppendedBlock, NodeEvent } from '../../src/node/ports.ts';
import { Sync } from '../../src/node/sync/sync.ts';
import type { SyncEvent } from '../../src/node/sync/sync-event.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import type { SimulatedNetworks } from './simulated-network.ts';
import { SimulatedSecrets } from './simulated-secrets.ts';
import { SimulatedTurns } from './simulated-turns.ts';
import { verifyOnce } from './sync-node.ts';

/** How long a simulated miner searches without a look around. */
const searchStepMs = 10;

export interface WorkSyncOptions {
  readonly world: SimulatedNetworks;
  readonly id: string;
  readonly seed: number;
  readonly peers: readonly string[];
  readonly genesis: StoredBlock;
  readonly noncesPerMs: number;
}

/** A whole node of a chain of work: people, queue, search and ledger, and what keeps it the same as its peers. */
export class WorkSyncNode {
  readonly id: string;
  readonly node: Node;
  readonly store: MemoryStore;
  readonly events: NodeEvent[];
  readonly syncEvents: SyncEvent[] = [];
  readonly sync: Sync;
  readonly failures: unknown[];
  readonly #network: ReturnType<SimulatedNetworks['peer']>;
  readonly #stopping = new AbortController();

  private constructor(
    { world, id, peers }: WorkSyncOptions,
    { node, store, events, failures }: Pick<WorkSyncNode, 'node' | 'store' | 'events' | 'failures'>,
  ) {
    this.id = id;
    this.node = node;
    this.store = store;
    this.events = events;
    this.failures = failures;
    this.#network = world.peer(id);
    this.sync = new Sync({
      clock: world.clock,
      network: this.#network,
      store,
      verifySignature: verifyOnce,
      listener: { onSync: (event) => this.syncEvents.push(event) },
      addresses: peers,
    });
    node.events.subscribe({ onEvent: (event) => this.sync.onEvent(event) });
  }

  /** All nodes of a chain of one ledger have the same faucet, which pays out in each. */
  static async open(options: WorkSyncOptions): Promise<WorkSyncNode> {
    const { world, seed, genesis, noncesPerMs } = options;
    const store = new MemoryStore();
    await store.append(withAccounts(genesis));
    const events: NodeEvent[] = [];
    const failures: unknown[] = [];
    const assembling = assemble(
      {
        clock: world.clock,
        secrets: new SimulatedSecrets(seed, seed),
        verifySignature: verifyOnce,
        store,
        sessionStore: store,
        wallets: () => new ServerWallets(faucetSecret),
        subscribers: [{ onEvent: (event) => events.push(event) }],
        failed: (error) => failures.push(error),
        mining: {
          nonces: new InProcessSearch(new SimulatedTurns(world.clock, searchStepMs), searchStepMs * noncesPerMs),
          mine: 'waiting',
        },
      },
      { linksPerChain: 4, intervalMs: 1000, broadcastIntervalMs: 3_600_000, rejoinGraceMs: 0, grant: 1000n },
    );
    const [node] = await Promise.all([assembling, world.clock.pass(0)]);
    return new WorkSyncNode(options, { node, store, events, failures });
  }

  start(): void {
    const { ledger, chain } = this.node;
    const { signal } = this.#stopping;
    const failed = (error: unknown): void => {
      if (!signal.aborted) this.failures.push(error);
    };
    this.node.run(signal).catch(failed);
    const synced = {
      chain,
      waitingTransaction: (id: string) =>
        ledger?.waiting().flatMap((checked) => (checked.id === id ? [JSON.stringify(checked.transaction)] : []))[0],
      takeTransaction: (json: unknown) => ledger?.submit(json).kind === 'accepted',
      takeCandidate: () => false,
    };
    void this.sync
      .start(signal)
      .then(() => this.sync.run(synced))
      .catch(failed);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#network.stop();
  }

  get tipHash(): string | undefined {
    return this.node.chain.tip?.hash;
  }

  /** Somebody proposes a BPM here. Returns whose block it will be. */
  propose(bpm: number): string {
    const address = this.node.service.enter?.() ?? '';
    const { kind } = this.node.service.propose(address, bpm);
    if (kind !== 'queued') throw new Error(`a candidate was not taken: ${kind}`);
    return address;
  }
}

/** The secret of the wallets of all nodes. */
export const faucetSecret: Buffer = Buffer.from('wallets of a simulation');

/** A genesis as a chain stores it, with the accounts that it begins with. */
function withAccounts(genesis: StoredBlock): AppendedBlock {
  const { block } = genesis;
  const ledger = 'Genesis' in block ? block.Genesis.Ledger : undefined;
  if (ledger === undefined) return genesis;
  const state = runToEnd(LedgerState.ofGenesis(ledger));
  return { ...genesis, effects: { accounts: new Map([...state.accounts()].entries()), transactionIds: [] } };
}
