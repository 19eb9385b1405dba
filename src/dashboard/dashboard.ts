import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { limits } from '../core/limits.ts';
import type { BlockStore, LotteryEvent } from '../engine/ports.ts';
import { type BlockTexts, type ChainBytes, makeApp } from './app.ts';
import { Feed } from './feed.ts';
import type { PoolChange, Snapshot, Status } from './messages.ts';
import { Metrics, type Readings } from './metrics.ts';
import { type RoundStore, readOlderRounds } from './older-rounds.ts';
import { readPageFiles } from './page-files.ts';
import { Room } from './room.ts';
import { roundOf } from './round.ts';
import { RoundBook } from './round-book.ts';
import { drawnSegments } from './ticket-bar.ts';
import { type Neighbourhood, WebServer } from './web-server.ts';

/** What the dashboard asks the lottery. */
interface Desk {
  status(): {
    readonly validators: number;
    readonly remainingMs: number;
    readonly isPaused: boolean;
    readonly isDrawing: boolean;
    readonly isDiskFull: boolean;
  };
}

/** What it asks the wire when somebody wants the metrics. */
type Traffic = Pick<Readings, 'endings' | 'bytes' | 'chainsSkipped'>;

export interface DashboardOptions {
  readonly version: string;
  readonly intervalMs: number;
  readonly clock: { monotonicMs(): number; turn(): Promise<void> };
  readonly store: BlockTexts & RoundStore;
  readonly chain: ChainBytes;
  readonly connectionsMax: number;
  readonly neighbours: Neighbourhood;
  readonly desk: () => Desk;
  /** People connected. */
  readonly connections: () => number;
  readonly traffic: () => Traffic;
  /** Something of ours went wrong; the lottery goes on. */
  readonly failed: (error: unknown) => void;
}

/** Where the page is, and what it tells people about how to join. */
export interface Place {
  readonly addresses: readonly string[];
  /** 0 takes any that is free. */
  readonly port: number;
  readonly join: readonly string[];
  /** The names and addresses under which other machines reach this one. */
  readonly hosts: readonly string[];
}

type DrawnEvent = Extract<LotteryEvent, { kind: 'drawn' }>;

/** The page's address at a host; one of IPv6 stands in brackets (RFC 3986). */
export function pageUrl(host: string, port: number): string {
  return `http://${isIP(host) === 6 ? `[${host}]` : host}:${port}/`;
}

/** Everything that a room can watch: the page, its events, the API, the metrics. It listens to the lottery and never answers back. */
export class Dashboard {
  readonly #options: DashboardOptions;
  readonly #room = new Room();
  readonly #feed: Feed;
  readonly #book: RoundBook;
  readonly #metrics: Metrics;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #closing = new AbortController();
  #server: WebServer | undefined;
  #join: readonly string[] = [];
  #pages: readonly string[] = [];
  /** Drawn, and not yet told. */
  #drawn: DrawnEvent[] = [];
  #refresh: NodeJS.Timeout | undefined;
  #lastSeen = '';
  #reportedMs = Number.NEGATIVE_INFINITY;

  constructor(options: DashboardOptions) {
    this.#options = options;
    const turn = (): Promise<void> => options.clock.turn();
    const watchersMax = Math.min(limits.watchersMax, Math.floor(options.connectionsMax * 0.9));
    this.#feed = new Feed({ run: randomBytes(4).toString('hex'), turn, watchersMax });
    this.#book = new RoundBook({ turn, isConnected: (validator) => this.#room.isConnected(validator) });
    this.#metrics = new Metrics(() => this.#readings());
  }

  /** Never throws and never waits: what it takes to tell the pages is done later. */
  hear(event: LotteryEvent): void {
    this.#guard(() => this.#remember(event));
  }

  /** The same store, whose writes are timed for the metrics. */
  timed(store: BlockStore): BlockStore {
    const { clock } = this.#options;
    return {
      blocks: () => store.blocks(),
      append: async (block, pool) => {
        const startMs = clock.monotonicMs();
        await store.append(block, pool);
        this.#metrics.storedAfter(clock.monotonicMs() - startMs);
      },
    };
  }

  /** Begins to serve, and returns the port. Rejects with the system's error when it cannot listen, or when the page was not built. */
  async open({ addresses, port, join, hosts }: Place): Promise<number> {
    const { store, chain, connectionsMax, neighbours } = this.#options;
    const failed = (error: unknown): void => this.#fail(error);
    const app = makeApp({
      files: readPageFiles(),
      feed: this.#feed,
      chain,
      store,
      isLoopback: addresses.every((address) => address === '::1' || address.startsWith('127.')),
      height: () => this.#room.height,
      status: () => this.#status(),
      snapshot: () => JSON.stringify(this.#snapshot()),
      fortunes: (last) => this.#book.fortunes(last),
      history: (validator) => this.#book.history(validator),
      metrics: () => this.#metrics.text(),
      failed,
    });
    const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    const server = new WebServer(
      (request, response) => {
        listener(request, response).catch(failed);
      },
      { connectionsMax, neighbours },
    );
    const boundPort = await server.listen(addresses, port);
    this.#server = server;
    this.#join = join;
    this.#pages = hosts.map((host) => pageUrl(host, boundPort));
    this.#every(limits.statusCheckMs, () => this.#lookAround());
    this.#every(limits.watcherBeatMs, () => this.#feed.beat());
    this.#book.addBefore(readOlderRounds(store, this.#room.height, this.#closing.signal)).catch(failed);
    return boundPort;
  }

  close(): void {
    this.#closing.abort();
    for (const timer of this.#timers) clearInterval(timer);
    clearTimeout(this.#refresh);
    this.#feed.close();
    this.#server?.close();
    this.#metrics.close();
  }

  #remember(event: LotteryEvent): void {
    this.#metrics.hear(event);
    this.#room.hear(event);
    if (event.kind === 'loaded' || event.kind === 'chain-due') return;
    if (event.kind === 'drawn') this.#drawn.push(event);
    this.#refreshIn(event.kind === 'drawn' ? 0 : limits.pageRefreshMs);
  }

  /** Reported now and then: a fault that comes with every request must not fill the console. */
  #fail(error: unknown): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#closing.signal.aborted || nowMs < this.#reportedMs + limits.faultReportMs) return;
    this.#reportedMs = nowMs;
    this.#options.failed(error);
  }

  #every(intervalMs: number, work: () => void): void {
    this.#timers.push(setInterval(() => this.#guard(work), intervalMs).unref());
  }

  #refreshIn(delayMs: number): void {
    if (this.#closing.signal.aborted) return;
    if (delayMs > 0 && this.#refresh !== undefined) return;
    clearTimeout(this.#refresh);
    this.#refresh = setTimeout(() => {
      this.#refresh = undefined;
      this.#guard(() => this.#tellPages());
    }, delayMs).unref();
  }

  /** What fails here must not reach the lottery, nor the process. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #tellPages(): void {
    const drawn = this.#drawn;
    this.#drawn = [];
    for (const { block, text, pool } of drawn) {
      this.#book.add(roundOf(block, pool.candidates));
      const segments = JSON.stringify(drawnSegments(pool.candidates, block.Validator));
      this.#feed.tell('drawn', `{"block":${text},"segments":${segments}}`);
    }
    const change: PoolChange = { status: this.#status(), segments: this.#room.segments() };
    this.#feed.tell('pool', JSON.stringify(change));
    this.#lastSeen = this.#seen(change.status);
  }

  /** A pause, somebody without a stake: no event tells of these. */
  #lookAround(): void {
    if (this.#seen(this.#status()) !== this.#lastSeen) this.#refreshIn(limits.pageRefreshMs);
  }

  #seen({ phase, connections, validators }: Status): string {
    return `${phase} ${connections} ${validators}`;
  }

  #status(): Status {
    const { version, intervalMs, desk, connections } = this.#options;
    const { validators, remainingMs, isPaused, isDrawing, isDiskFull } = desk().status();
    return {
      version,
      height: this.#room.height,
      phase: isDiskFull ? 'disk-full' : isDrawing ? 'drawing' : isPaused ? 'paused' : 'open',
      intervalMs,
      remainingMs: Math.round(remainingMs),
      candidates: this.#room.candidates,
      totalStake: String(this.#room.totalStake),
      validators,
      connections: connections(),
      watchers: this.#feed.watchers,
      join: this.#join,
      pages: this.#pages,
    };
  }

  #snapshot(): Snapshot {
    return { status: this.#status(), segments: this.#room.segments(), newest: this.#room.newest };
  }

  #readings(): Readings {
    const { candidates, totalStake, height } = this.#room;
    const { desk, connections, traffic } = this.#options;
    const { validators } = desk().status();
    const people = { validators, connections: connections(), watchers: this.#feed.watchers };
    return { ...traffic(), ...people, candidates, totalStake, height };
  }
}
