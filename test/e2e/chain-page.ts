import { onTestFinished } from 'vitest';
import type { SealStatus } from '../../src/consensus/engine.ts';
import type { SearchProgress } from '../../src/consensus/work/search-progress.ts';
import { type Block, isGenesis, type SealedBlock } from '../../src/core/block.ts';
import type { Candidate } from '../../src/core/pool.ts';
import { Dashboard } from '../../src/http/dashboard.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import { SystemClock } from '../../src/platform/system-clock.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { chainTextOf } from '../node/chain-text-of.ts';

/** A chain without rounds, served with its page in the process of the test. What happens in it is what a test says. */
export class ChainPageServer {
  readonly base: string;
  readonly #dashboard: Dashboard;
  readonly #store: MemoryStore;
  readonly #faults: readonly unknown[];
  search: SearchProgress | undefined;
  seal: SealStatus | undefined;

  private constructor(base: string, dashboard: Dashboard, store: MemoryStore, faults: readonly unknown[]) {
    this.base = base;
    this.#dashboard = dashboard;
    this.#store = store;
    this.#faults = faults;
  }

  static async start(chain: readonly Block[]): Promise<ChainPageServer> {
    const [genesis] = chain;
    if (genesis === undefined || !isGenesis(genesis)) throw new Error('a chain begins with its genesis');
    const kind = genesis.Genesis.Consensus.Kind;
    const store = new MemoryStore();
    const texts = chain.map((block) => JSON.stringify(block));
    const faults: unknown[] = [];
    const dashboard: Dashboard = new Dashboard({
      version: 'test',
      intervalMs: 30_000,
      clock: new SystemClock(),
      store,
      chain: () => chainTextOf(texts),
      connectionsMax: 100,
      connectionLimiter: { enter: () => () => undefined },
      play: (socket) => socket.destroy(),
      lottery: () => ({
        validators: () => [],
        sealNow: () => undefined,
        pause: () => undefined,
        resume: () => undefined,
        status: () => ({
          kind,
          validators: 2,
          candidates: server.search === undefined ? 0 : 3,
          totalStake: 0n,
          remainingMs: undefined,
          isPaused: false,
          isDrawing: false,
          isDiskFull: false,
          isSandbox: false,
          ...(server.search === undefined ? {} : { search: server.search }),
          ...(server.seal === undefined ? {} : { seal: server.seal }),
        }),
      }),
      connections: () => 5,
      seatRules: {
        service: () => {
          throw new Error('nobody takes part here');
        },
        kind: () => kind,
        rules: { stakeMax: 1000n, slashAfter: 1 },
        seatsMax: 0,
        subnetLimiter: { enter: () => undefined },
        idleMs: 1000,
      },
      rpc: { cookie: () => undefined, bodyMs: 1000, stop: () => undefined },
      writeBounds: { perSecond: 0, bodyMs: 1000, searchMs: 1000 },
      traffic: () => ({ endings: [], bytes: { received: 0, sent: 0 }, chainsSkipped: 0 }),
      failed: (error) => faults.push(error),
    });
    onTestFinished(() => dashboard.close('asked'));
    for (const block of chain) {
      const text = JSON.stringify(block);
      await store.append({ block, text, body: [] });
      dashboard.onEvent({ kind: 'loaded', block, text });
    }
    const port = await dashboard.open({
      addresses: ['127.0.0.1'],
      port: 0,
      join: ['nc 192.0.2.7 9000'],
      hosts: ['192.0.2.7'],
    });
    const server = new ChainPageServer(`http://127.0.0.1:${port}`, dashboard, store, faults);
    return server;
  }

  get faults(): readonly unknown[] {
    return this.#faults;
  }

  tell(event: NodeEvent): void {
    this.#dashboard.onEvent(event);
  }

  /** Makes the chain longer by a block, as an engine does. */
  async add(block: Block | undefined, body: readonly Candidate[] = []): Promise<void> {
    if (block === undefined || isGenesis(block)) throw new Error('there is no such block');
    const text = JSON.stringify(block);
    await this.#store.append({ block, text, body });
    this.commit(block, body);
  }

  /** Tells of a block that is stored. */
  commit(block: SealedBlock, body: readonly Candidate[] = []): void {
    const text = JSON.stringify(block);
    this.tell({ kind: 'committed', block, text, body, storedMs: 1, receipts: { size: 0, of: () => undefined } });
  }
}
