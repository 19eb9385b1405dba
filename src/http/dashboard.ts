import { randomBytes } from 'node:crypto';
import { getRequestListener } from '@hono/node-server';
import { isLoopback } from '../base/host.ts';
import { pageUrl } from '../base/page-url.ts';
import type { Turns } from '../base/run-to-end.ts';
import type { NodeEvent } from '../node/ports.ts';
import type { Snapshot, Status, Stopped } from './api/types.ts';
import type { ChainBytes } from './chain-stream.ts';
import { ErrorReporter } from './error-reporter.ts';
import { EventPublisher } from './event-publisher.ts';
import { FairnessHistory } from './fairness-history.ts';
import { Gate } from './gate.ts';
import { limits } from './limits.ts';
import { LiveState } from './live-state.ts';
import { Metrics, type Readings } from './metrics.ts';
import { type RoundStore, readOlderRounds } from './older-rounds.ts';
import { roundOf } from './round.ts';
import { makeApp, type StoredTexts } from './routes.ts';
import { SseStream } from './sse-stream.ts';
import { readStaticFiles } from './static-files.ts';
import { TurnShare } from './turn-share.ts';
import { UntakenAnswers } from './untaken-answers.ts';
import { WebCounts } from './web-counts.ts';
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
  readonly clock: Turns & { monotonicMs(): number };
  readonly store: StoredTexts & RoundStore;
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

/** Everything that a room can watch: the page, its events, the API, the metrics. It listens to the lottery and never answers back. */
export class Dashboard {
  readonly #options: DashboardOptions;
  readonly #faults: ErrorReporter;
  readonly #room = new LiveState();
  readonly #feed: SseStream;
  readonly #book: FairnessHistory;
  readonly #metrics: Metrics;
  readonly #announcer: EventPublisher;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #closing = new AbortController();
  readonly #counts = new WebCounts();
  #server: WebServer | undefined;
  #port: number | undefined;
  #join: readonly string[] = [];
  #pages: readonly string[] = [];

  constructor(options: DashboardOptions) {
    this.#options = options;
    const { clock, failed, connectionsMax } = options;
    const watchersMax = Math.min(limits.watchersMax, Math.floor(connectionsMax * limits.dashboardWatcherShare));
    this.#faults = new ErrorReporter({ nowMs: () => clock.monotonicMs(), failed });
    this.#feed = new SseStream({
      run: randomBytes(4).toString('hex'),
      turn: () => clock.turn(),
      watchersMax,
      cut: (wire) => this.#counts.cut(wire, 'slow-reader'),
    });
    this.#book = new FairnessHistory({ turns: clock, isConnected: (validator) => this.#room.isConnected(validator) });
    this.#metrics = new Metrics(() => this.#readings());
    this.#announcer = new EventPublisher({
      feed: this.#feed,
      room: this.#room,
      status: () => this.#status(),
      faults: this.#faults,
    });
  }

  /** Never throws and never waits: what it takes to tell the pages is done later. */
  onEvent(event: NodeEvent): void {
    this.#faults.guard(() => {
      this.#metrics.onEvent(event);
      this.#room.onEvent(event);
      if (event.kind === 'drawn') this.#book.add(roundOf(event.block, event.pool.candidates));
      this.#announcer.onEvent(event);
    });
  }

  /** Begins to serve, and returns the port. Rejects with the system's error when it cannot listen, or when the page was not built. */
  async open({ addresses, port, join, hosts }: Place): Promise<number> {
    const { store, chain, clock, connectionsMax, neighbours } = this.#options;
    const counts = this.#counts;
    const share = new TurnShare(() => clock.turn(), limits.answersPerTurn);
    const failed = (error: unknown): void => this.#faults.report(error);
    const app = makeApp({
      files: readStaticFiles(),
      feed: this.#feed,
      chain,
      store: readInTurn(store),
      isLoopback: addresses.every(isLoopback),
      height: () => this.#room.height,
      status: () => this.#status(),
      snapshot: () => JSON.stringify(this.#snapshot()),
      fortunes: (last) => this.#book.fortunes(last),
      history: (validator) => this.#book.history(validator),
      validators: (prefix) => [...new Set([...this.#room.beginning(prefix), ...this.#book.beginning(prefix)])],
      metrics: () => this.#metrics.text(),
      gate: new Gate({ insideMax: limits.requestsUnderWayMax, waitingMax: limits.requestsWaitingMax }),
      next: () => share.next(),
      untaken: new UntakenAnswers(limits.untakenBytesMax, (response) => counts.cut(response, 'slow-reader')),
      counts,
      failed,
    });
    const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false });
    const server = new WebServer(
      (request, response) => {
        listener(request, response).catch(failed);
      },
      { connectionsMax, neighbours, counts },
    );
    const boundPort = await server.listen(addresses, port);
    this.#server = server;
    this.#port = boundPort;
    this.#join = join;
    this.#pages = hosts.map((host) => pageUrl(host, boundPort));
    this.#every(limits.statusCheckMs, () => this.#announcer.lookAround());
    this.#every(limits.watcherBeatMs, () => this.#feed.beat());
    this.#book.addBefore(readOlderRounds(store, this.#room.height, this.#closing.signal)).catch(failed);
    return boundPort;
  }

  /** The port that it serves on; undefined until it does. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Tells every page that the server was stopped, and why, and ends. */
  close(why: Stopped['why']): void {
    this.#closing.abort();
    this.#faults.close();
    for (const timer of this.#timers) clearInterval(timer);
    this.#announcer.close();
    const stopped: Stopped = { why };
    this.#feed.close(JSON.stringify(stopped));
    this.#server?.close();
    this.#metrics.close();
  }

  #every(intervalMs: number, work: () => void): void {
    this.#timers.push(setInterval(() => this.#faults.guard(work), intervalMs).unref());
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
    const { validators, connections, watchers } = this.#status();
    return {
      ...this.#options.traffic(),
      web: this.#counts.all,
      validators,
      connections,
      watchers,
      candidates,
      totalStake,
      height,
    };
  }
}

/** The same texts, of which few are read at a time. Each connection waits for one at most, so the line needs no end of its own. */
function readInTurn(store: StoredTexts): StoredTexts {
  const gate = new Gate({ insideMax: limits.pageReadsMax, waitingMax: Number.POSITIVE_INFINITY });
  const inTurn = async <Text>(read: () => Promise<Text>): Promise<Text> => {
    const leave = await gate.enter();
    try {
      return await read();
    } finally {
      leave?.();
    }
  };
  return {
    blockRange: (first, last) => inTurn(() => store.blockRange(first, last)),
    poolText: (index) => inTurn(() => store.poolText(index)),
  };
}
