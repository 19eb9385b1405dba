import { SearchTurns } from '../../src/cli/scenario/search-turns.ts';
import type { BeaconSource } from '../../src/consensus/engine.ts';
import { InProcessSearch } from '../../src/consensus/work/search/in-process-search.ts';
import { type Beacon, type DrawnBlock, isDrawn, type SealedBlock } from '../../src/core/block.ts';
import { timestampMs } from '../../src/core/timestamp.ts';
import { assemble, type Node } from '../../src/node/assemble.ts';
import type { Chain } from '../../src/node/chain.ts';
import type { LedgerService } from '../../src/node/ledger-service.ts';
import type { LocalService } from '../../src/node/local-service.ts';
import { type BlockStore, type NodeEvent, type ResumableSessionStore, StoreError } from '../../src/node/ports.ts';
import { nativeVerifier } from '../../src/platform/ed25519.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { ClientHub } from '../../src/tcp/client-hub.ts';
import type { CloseReason } from '../../src/tcp/close-reason.ts';
import { Connection, type ConnectionHost } from '../../src/tcp/connection.ts';
import { BrowserPerson } from './browser-person.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { SimulatedSecrets } from './simulated-secrets.ts';
import { highWaterMarkBytes, SimulatedSocket } from './simulated-socket.ts';

/** So few that a small crowd has to wait for its chains, too. */
const fewDeliveries = { deliveriesMax: 4, newcomersMax: 2, stallMs: 2000, stalledMax: 2 };

/** So small that a short chain takes many turns, too. */
const smallPortions = { blocksPerSlice: 3, keptBytesMax: 4 * highWaterMarkBytes, pieceBytes: highWaterMarkBytes };

export interface WorldOptions {
  /** Where new addresses come from. */
  readonly seed: number;
  /** Where the links come from; a server that continues a chain needs those that it was begun with. */
  readonly secretsSeed?: number;
  readonly clock: SimulatedClock;
  readonly store: BlockStore;
  /** Where sessions outlast a server; they end with it where it is left out. */
  readonly sessionStore?: ResumableSessionStore;
  /** How a new chain is made, if not by work; a lottery where it is left out. */
  readonly consensus?: 'lottery' | 'instant';
  readonly intervalMs: number;
  readonly broadcastIntervalMs: number;
  readonly linksPerChain: number;
  readonly stakeMax: bigint;
  readonly slashAfter: number;
  readonly linesPerSecond: number;
  /** How many of the newest blocks are sent in place of the whole chain; all where it is left out. */
  readonly chainTail?: number;
  /** Makes the chain by work instead of draws. Its miner tries `noncesPerMs`, so that the difficulty settles where that rate leads. */
  readonly work?: { readonly difficulty: bigint; readonly intervalMs: number; readonly noncesPerMs: number };
  /** Gives the new lottery a ledger. */
  readonly ledger?: { readonly reward: bigint; readonly grant: bigint; readonly isSandbox?: boolean };
  /** The beacons that the draws of the new lottery wait for, and what they say. */
  readonly beacons?: BeaconSource & { readonly beacons: readonly Beacon[] };
  /** How long sessions can be resumed; not at all where it is left out. */
  readonly rejoinGraceMs?: number;
  /** Sees every event before anybody is told of it; `openIndex` is the block that a candidate accepted at that moment is for. */
  readonly witness?: (event: NodeEvent, openIndex: number) => void;
}

/** How long the simulated miner searches without a look around. */
const searchStepMs = 10;

/** The whole server but for its sockets, disk, clock and dice: the same node and the same hub of clients. */
export class World {
  readonly clock: SimulatedClock;
  readonly service: LocalService;
  readonly chain: Chain;
  readonly ledger: LedgerService | undefined;
  readonly events: NodeEvent[];
  readonly faults: unknown[];
  /** The disk refused a block, so that this server would have ended. */
  hasFailed = false;
  readonly #clients: ClientHub;
  readonly #host: ConnectionHost;
  readonly #stopping = new AbortController();

  private constructor(options: WorldOptions, node: Node, clients: ClientHub, events: NodeEvent[], faults: unknown[]) {
    this.clock = options.clock;
    this.service = node.service;
    this.chain = node.chain;
    this.ledger = node.ledger;
    this.events = events;
    this.faults = faults;
    this.#clients = clients;
    this.#host = clients.host({
      service: node.service,
      rules: {
        stakeMax: options.stakeMax,
        slashAfter: options.slashAfter,
        chainTail: options.chainTail ?? 0,
        rejoinGraceMs: node.kind === 'lottery' ? (options.rejoinGraceMs ?? 0) : 0,
      },
      linesPerSecond: options.linesPerSecond,
      failed: (error) => faults.push(error),
    });
    node.run(this.#stopping.signal).catch((error: unknown) => {
      this.hasFailed = error instanceof StoreError;
      faults.push(error);
    });
  }

  /** Opens the chain in the store, or a new one, and begins the first round. */
  static async open(options: WorldOptions): Promise<World> {
    const { clock, store, linksPerChain, intervalMs, broadcastIntervalMs, rejoinGraceMs = 0, work, beacons } = options;
    const instant = options.consensus === 'instant' ? ({ kind: 'instant' } as const) : undefined;
    const events: NodeEvent[] = [];
    const faults: unknown[] = [];
    let world: World | undefined;
    const clients = new ClientHub(clock, store, { portions: smallPortions, deliveries: fewDeliveries });
    const witness = {
      onEvent(event: NodeEvent): void {
        events.push(event);
        options.witness?.(event, world?.openIndex ?? 0);
      },
    };
    const assembling = assemble(
      {
        clock,
        secrets: new SimulatedSecrets(options.seed, options.secretsSeed ?? options.seed),
        verifySignature: nativeVerifier(),
        store,
        sessionStore: options.sessionStore ?? new MemoryStore(),
        wallets: () => new ServerWallets(Buffer.from(`wallets of ${options.secretsSeed ?? options.seed}`)),
        ...(beacons === undefined ? {} : { openBeacons: async () => beacons }),
        time: {
          increaseTime: (ms) => clock.stall(ms),
          setTime: (timestamp) => clock.jumpWall(timestampMs(timestamp) - timestampMs(clock.timestamp())),
        },
        subscribers: [witness, clients],
        failed: (error) => faults.push(error),
        mining: {
          nonces: new InProcessSearch(new SearchTurns(clock, searchStepMs), searchStepMs * (work?.noncesPerMs ?? 1)),
          mine: 'waiting',
        },
      },
      {
        newChain: work === undefined ? instant : { kind: 'work', ...work },
        newLedger: options.ledger,
        ...(beacons === undefined ? {} : { newBeacons: beacons.beacons }),
        grant: options.ledger?.grant ?? 0n,
        linksPerChain,
        intervalMs,
        broadcastIntervalMs,
        rejoinGraceMs,
      },
    );
    // Its long computations take turns.
    const [node] = await Promise.all([assembling, clock.pass(0)]);
    world = new World(options, node, clients, events, faults);
    return world;
  }

  /** The block that a candidate accepted now is for. */
  get openIndex(): number {
    const { height, isDrawing } = this.service.status();
    return height + (isDrawing ? 2 : 1);
  }

  /** Somebody connects and sees the first prompt. */
  connect(): Person {
    const { connections } = this.#clients;
    const person = new Person(this.#host, (connection) => connections.delete(connection));
    connections.add(person.connection);
    person.connection.greet();
    return person;
  }

  /** Somebody takes part in a browser, and sees the first prompt. */
  connectBrowser(): BrowserPerson {
    const { connections } = this.#clients;
    const person = new BrowserPerson(this.#host, (connection) => connections.delete(connection));
    connections.add(person.connection);
    person.connection.greet();
    return person;
  }

  /** Everybody hears of something that the node itself has not done. */
  tell(event: NodeEvent): void {
    this.#clients.onEvent(event);
  }

  /** The blocks that were drawn, in the order in which the listener heard of them. */
  drawn(): readonly DrawnBlock[] {
    return this.committed().filter(isDrawn);
  }

  /** All blocks that were made, in the same order. */
  committed(): readonly SealedBlock[] {
    return this.events.flatMap((event) => (event.kind === 'committed' ? [event.block] : []));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    // Time must pass for a draw that is under way to end.
    await this.clock.pass(10_000);
  }
}

/** Somebody at the other end of a simulated socket. */
export class Person {
  readonly socket: SimulatedSocket = new SimulatedSocket();
  readonly connection: Connection;
  readonly #gone: (connection: Connection) => void;
  /** What was typed while the server did not read. */
  #unread: Buffer[] = [];
  #hasClosedSide = false;
  #hasFinished = false;
  #checked = 0;
  closeReason: CloseReason | undefined;
  wasReset = false;

  constructor(host: ConnectionHost, gone: (connection: Connection) => void) {
    this.connection = new Connection(this.socket, host);
    this.#gone = gone;
  }

  /** All that this person has seen so far. */
  get seen(): string {
    return this.socket.received;
  }

  /** What has come since this was asked the last time. */
  unchecked(): string {
    const text = this.seen.slice(this.#checked);
    this.#checked = this.seen.length;
    return text;
  }

  get isConnected(): boolean {
    return this.closeReason === undefined;
  }

  /** Types text, latin1, in one packet. */
  type(text: string): void {
    this.#unread.push(Buffer.from(text, 'latin1'));
    this.flow();
  }

  /** Closes their side, like a piped nc; they go on reading. */
  closeSide(): void {
    this.#hasClosedSide = true;
    this.flow();
  }

  /** The network carries what it can: typed bytes in, a closed side last; a socket whose two sides are closed is gone. */
  flow(): void {
    while (this.isConnected && !this.socket.isPaused) {
      const chunk = this.#unread.shift();
      if (chunk === undefined) break;
      this.connection.receive(chunk);
    }
    if (!this.isConnected) return;
    if (this.#hasClosedSide && !this.#hasFinished && this.#unread.length === 0 && !this.socket.isPaused) {
      this.#hasFinished = true;
      this.connection.finish();
    }
    const isOver = this.socket.hasEnded && this.socket.writableLength === 0;
    if (this.socket.isDestroyed || isOver) this.#lose(false);
  }

  /** The reader takes what waits for them. */
  read(bytes: number): void {
    if (this.socket.take(bytes)) this.connection.drained();
    this.flow();
  }

  /** The connection breaks. */
  reset(): void {
    if (!this.isConnected) return;
    this.wasReset = true;
    this.#lose(true);
  }

  #lose(hadError: boolean): void {
    this.closeReason = this.connection.lost(hadError);
    this.#gone(this.connection);
  }
}
