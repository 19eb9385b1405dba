import { randomBytes } from 'node:crypto';
import { getRequestListener } from '@hono/node-server';
import { isLoopback, pageUrl } from '../base/host.ts';
import type { Turns } from '../base/run-to-end.ts';
import type { NodeEvent } from '../node/ports.ts';
import type { Stopped } from './api/types.ts';
import type { ChainBytes } from './chain-stream.ts';
import { ErrorReporter } from './error-reporter.ts';
import { EventPublisher } from './event-publisher.ts';
import { FairnessHistory } from './fairness-history.ts';
import { limits } from './limits.ts';
import { LiveState } from './live-state.ts';
import { Metrics, type Readings } from './metrics.ts';
import { type RoundStore, readOlderRounds } from './older-rounds.ts';
import { PendingResponses } from './pending-responses.ts';
import { roundOf } from './round.ts';
import { makeApp } from './routes.ts';
import { Semaphore } from './semaphore.ts';
import { SseStream } from './sse-stream.ts';
import { readStaticFiles } from './static-files.ts';
import { type LotteryStatus, StatusReport } from './status-report.ts';
import { limitReads, type StoredTexts } from './stored-texts.ts';
import { TurnThrottle } from './turn-throttle.ts';
import { WebCounters } from './web-counters.ts';
import { type ConnectionLimiter, WebServer } from './web-server.ts';

/** The values of the metrics that the dashboard reads from the TCP side. */
type Traffic = Pick<Readings, 'endings' | 'bytes' | 'chainsSkipped'>;

export interface DashboardOptions {
  readonly version: string;
  readonly intervalMs: number;
  readonly clock: Turns & { monotonicMs(): number };
  readonly store: StoredTexts & RoundStore;
  readonly chain: ChainBytes;
  readonly connectionsMax: number;
  readonly connectionLimiter: ConnectionLimiter;
  readonly lottery: () => { status(): LotteryStatus };
  /** Participants connected, with or without a stake. */
  readonly connections: () => number;
  readonly traffic: () => Traffic;
  /** Called with errors of the dashboard itself. The lottery goes on. */
  readonly failed: (error: unknown) => void;
}

/** Where the page is served, and what it says about how to join. */
export interface ListenOptions {
  readonly addresses: readonly string[];
  /** 0 takes any that is free. */
  readonly port: number;
  readonly join: readonly string[];
  /** The names and addresses under which other machines reach this one. */
  readonly hosts: readonly string[];
}

/** The read-only side of the server: the page, its events, the API, the metrics. It listens to the node and never changes anything there. */
export class Dashboard {
  readonly #options: DashboardOptions;
  readonly #errors: ErrorReporter;
  readonly #liveState = new LiveState();
  readonly #stream: SseStream;
  readonly #fairness: FairnessHistory;
  readonly #metrics: Metrics;
  readonly #publisher: EventPublisher;
  readonly #report: StatusReport;
  readonly #counters = new WebCounters();
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #closing = new AbortController();
  #server: WebServer | undefined;
  #port: number | undefined;

  constructor(options: DashboardOptions) {
    this.#options = options;
    const { version, intervalMs, clock, lottery, connections, failed, connectionsMax } = options;
    const liveState = this.#liveState;
    this.#errors = new ErrorReporter({ nowMs: () => clock.monotonicMs(), failed });
    this.#stream = new SseStream({
      run: randomBytes(4).toString('hex'),
      yieldToEventLoop: () => clock.yieldToEventLoop(),
      subscribersMax: Math.min(limits.subscribersMax, Math.floor(connectionsMax * limits.dashboardSubscriberShare)),
      disconnect: (socket) => this.#counters.disconnect(socket, 'slow-reader'),
    });
    this.#fairness = new FairnessHistory({
      turns: clock,
      isConnected: (validator) => liveState.isConnected(validator),
    });
    this.#metrics = new Metrics(() => this.#readings());
    this.#report = new StatusReport({
      version,
      intervalMs,
      liveState,
      lotteryStatus: () => lottery().status(),
      connections,
      subscribers: () => this.#stream.size,
    });
    this.#publisher = new EventPublisher({
      stream: this.#stream,
      liveState,
      status: () => this.#report.status(),
      errors: this.#errors,
    });
  }

  /** Never throws and never waits: events are published to the pages later. */
  onEvent(event: NodeEvent): void {
    this.#errors.guard(() => {
      this.#metrics.onEvent(event);
      this.#liveState.onEvent(event);
      if (event.kind === 'committed' && event.body !== undefined) this.#fairness.add(roundOf(event.block, event.body));
      this.#publisher.onEvent(event);
    });
  }

  /** Begins to serve, and returns the port. Rejects with the system's error when it cannot listen, or when the page was not built. */
  async open({ addresses, port, join, hosts }: ListenOptions): Promise<number> {
    const { store, connectionsMax, connectionLimiter } = this.#options;
    const failed = (error: unknown): void => this.#errors.report(error);
    const listener = getRequestListener(this.#makeApp(addresses.every(isLoopback)).fetch, {
      overrideGlobalObjects: false,
    });
    const server = new WebServer(
      (request, response) => {
        listener(request, response).catch(failed);
      },
      { connectionsMax, connectionLimiter, counters: this.#counters },
    );
    const boundPort = await server.listen(addresses, port);
    this.#server = server;
    this.#port = boundPort;
    this.#report.setAddresses(
      join,
      hosts.map((host) => pageUrl(host, boundPort)),
    );
    this.#every(limits.statusCheckMs, () => this.#publisher.publishIfChanged());
    this.#every(limits.heartbeatMs, () => this.#stream.sendHeartbeat());
    this.#fairness.addBefore(readOlderRounds(store, this.#liveState.height, this.#closing.signal)).catch(failed);
    return boundPort;
  }

  /** The port that it serves on; undefined until it does. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Tells every page that the server was stopped, and why, and ends. */
  close(why: Stopped['why']): void {
    this.#closing.abort();
    this.#errors.close();
    for (const timer of this.#timers) clearInterval(timer);
    this.#publisher.close();
    const stopped: Stopped = { why };
    this.#stream.close(JSON.stringify(stopped));
    this.#server?.close();
    this.#metrics.close();
  }

  #makeApp(isThisMachineOnly: boolean): ReturnType<typeof makeApp> {
    const { store, chain, clock } = this.#options;
    const liveState = this.#liveState;
    const fairness = this.#fairness;
    const counters = this.#counters;
    const throttle = new TurnThrottle(() => clock.yieldToEventLoop(), limits.answersPerTurn);
    return makeApp({
      files: readStaticFiles(),
      stream: this.#stream,
      chain,
      store: limitReads(store),
      isLoopback: isThisMachineOnly,
      height: () => liveState.height,
      status: () => this.#report.status(),
      snapshot: () => JSON.stringify(this.#report.snapshot()),
      fairness: (last) => fairness.fairness(last),
      history: (validator) => fairness.history(validator),
      validatorsWith: (prefix) => [
        ...new Set([...liveState.validatorsWith(prefix), ...fairness.validatorsWith(prefix)]),
      ],
      metrics: () => this.#metrics.text(),
      semaphore: new Semaphore({
        concurrentMax: limits.requestsConcurrentMax,
        waitingMax: limits.requestsWaitingMax,
      }),
      next: () => throttle.next(),
      pendingResponses: new PendingResponses(limits.pendingResponseBytesMax, (response) =>
        counters.disconnect(response, 'slow-reader'),
      ),
      counters,
      failed: (error) => this.#errors.report(error),
    });
  }

  #every(intervalMs: number, work: () => void): void {
    this.#timers.push(setInterval(() => this.#errors.guard(work), intervalMs).unref());
  }

  #readings(): Readings {
    const { candidates, totalStake, height } = this.#liveState;
    const { validators, connections, watchers } = this.#report.status();
    return {
      ...this.#options.traffic(),
      web: this.#counters.all,
      validators,
      connections,
      watchers,
      candidates,
      totalStake,
      height,
    };
  }
}
