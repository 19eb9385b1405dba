import { randomBytes } from 'node:crypto';
import { getRequestListener } from '@hono/node-server';
import { isLoopback, pageUrl } from '../base/host.ts';
import { hashRate } from '../consensus/work/search-progress.ts';
import { isDrawn, isMined } from '../core/block.ts';
import type { NodeEvent } from '../node/ports.ts';
import { AccountHistory } from './account-history.ts';
import type { Status, Stopped } from './api/types.ts';
import { BlockRate } from './block-rate.ts';
import type { DashboardOptions, ListenOptions } from './dashboard-options.ts';
import { ErrorReporter } from './error-reporter.ts';
import { EventPublisher } from './event-publisher.ts';
import { FairnessHistory } from './fairness-history.ts';
import { limits } from './limits.ts';
import { LiveState } from './live-state.ts';
import { Metrics, type Readings } from './metrics.ts';
import { readOlderLedgerBlocks } from './older-ledger-blocks.ts';
import { readOlderRounds } from './older-rounds.ts';
import { networkStatus, peersReport } from './peers-report.ts';
import { PlayDoor } from './play-door.ts';
import { PostedCandidates } from './posted-candidates.ts';
import { makeRequestBounds } from './request-bounds.ts';
import { roundOf } from './round.ts';
import { makeApp } from './routes.ts';
import { Seats } from './seats.ts';
import { SseStream } from './sse-stream.ts';
import { readStaticFiles } from './static-files.ts';
import { StatusReport } from './status-report.ts';
import { limitReads } from './stored-texts.ts';
import { WebCounters } from './web-counters.ts';
import { WebServer } from './web-server.ts';
import { WriteRates } from './write-rates.ts';

/** The server's side for browsers and programs: the page, its events, the API, the metrics, and the seats of those who take part here. */
export class Dashboard {
  readonly #options: DashboardOptions;
  readonly #errors: ErrorReporter;
  readonly #liveState = new LiveState();
  readonly #stream: SseStream;
  readonly #fairness: FairnessHistory;
  readonly #accounts: AccountHistory;
  readonly #metrics: Metrics;
  readonly #publisher: EventPublisher;
  readonly #report: StatusReport;
  readonly #blockRate: BlockRate;
  readonly #counters = new WebCounters();
  readonly #seats: Seats;
  readonly #postedCandidates: PostedCandidates;
  readonly #playDoor: PlayDoor;
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
      profileOf: (validator) => liveState.profiles.of(validator),
    });
    this.#accounts = new AccountHistory(() => lottery().ledger?.terms.reward ?? 0n);
    this.#seats = new Seats({
      ...options.seatRules,
      nowMs: () => clock.monotonicMs(),
      newToken: () => randomBytes(limits.seatTokenBytes).toString('base64url'),
      count: (name) => this.#counters.add(name),
      yieldToEventLoop: () => clock.yieldToEventLoop(),
      failed: (error) => this.#errors.report(error),
    });
    this.#blockRate = new BlockRate(() => clock.monotonicMs());
    this.#postedCandidates = new PostedCandidates({
      propose: (payload, network) => this.#seats.proposeOnce(payload, network),
      candidatesMax: options.seatRules.seatsMax,
      subnetLimiter: options.seatRules.subnetLimiter,
      waitsMax: Math.ceil(connectionsMax * limits.searchWaitsShare),
      waitMs: options.writeBounds.searchMs,
    });
    this.#playDoor = new PlayDoor((socket, address) => options.play(socket, address));
    this.#metrics = new Metrics(() => this.#readings());
    if (options.peers !== undefined) this.#metrics.addPeers();
    if (options.isDoor === true) this.#metrics.addLog();
    this.#report = new StatusReport({
      version,
      intervalMs,
      liveState,
      blockRate: this.#blockRate,
      lotteryStatus: () => lottery().status(),
      ledger: () => lottery().ledger,
      network: () => options.peers && networkStatus(options.peers(), this.#follows),
      connections: () => connections() + this.#seats.size,
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
      if (event.kind === 'committed') this.#blockRate.add();
      this.#seats.onEvent(event);
      this.#postedCandidates.onEvent(event);
      if (event.kind === 'committed' && event.body !== undefined && isDrawn(event.block))
        this.#fairness.add(roundOf(event.block, event.body));
      if (event.kind === 'committed' && event.ledger !== undefined)
        this.#accounts.add({ block: event.block, ...event.ledger });
      if (event.kind === 'reorganised') {
        this.#accounts.goBack(event.fork);
        this.#fairness.goBack(event.fork);
      }
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
    this.#every(limits.statusCheckMs, () => {
      this.#seats.removeExpired();
      this.#publisher.publishIfChanged();
    });
    this.#every(limits.heartbeatMs, () => this.#stream.sendHeartbeat());
    const { height } = this.#liveState;
    this.#fairness.addBefore(readOlderRounds(store, height, this.#closing.signal)).catch(failed);
    const chainId = this.#options.lottery().ledger?.terms.chainId;
    if (chainId !== undefined)
      this.#accounts.addBefore(readOlderLedgerBlocks(store, { chainId, height }, this.#closing.signal)).catch(failed);
    return boundPort;
  }

  /** The port that it serves on; undefined until it does. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Sends a validator away that takes part over HTTP. */
  kick(address: string): void {
    this.#seats.kick(address);
  }

  /** Tells every page that the server was stopped, and why, and ends. */
  close(why: Stopped['why']): void {
    this.#closing.abort();
    this.#errors.close();
    for (const timer of this.#timers) clearInterval(timer);
    this.#publisher.close();
    this.#postedCandidates.close(why);
    const stopped: Stopped = { why };
    this.#stream.close(JSON.stringify(stopped));
    this.#server?.close();
    this.#metrics.close();
  }

  /** Resolves when all who took part in a browser have left. */
  async playersLeft(): Promise<void> {
    await this.#playDoor.closed();
  }

  #makeApp(isThisMachineOnly: boolean): ReturnType<typeof makeApp> {
    const { store, chain, clock, writeBounds, lottery, rpc, peers: shown } = this.#options;
    const peers = shown && (() => peersReport(shown(), clock.monotonicMs()));
    const texts = limitReads(store);
    const liveState = this.#liveState;
    const fairness = this.#fairness;
    const counters = this.#counters;
    return makeApp({
      ...makeRequestBounds(clock, counters),
      files: readStaticFiles(),
      stream: this.#stream,
      chain,
      store: texts,
      isLoopback: isThisMachineOnly,
      height: () => liveState.height,
      status: () => this.#report.status(),
      seal: () => lottery().status().seal,
      snapshot: () => JSON.stringify(this.#report.snapshot()),
      fairness: (last) => fairness.fairness(last),
      candidatesWith: (index, prefix) =>
        index === liveState.height + 1
          ? { totalStake: liveState.totalStake, found: liveState.candidatesWith(prefix) }
          : fairness.candidatesWith(index, prefix),
      profiles: (validators) => liveState.profiles.all(validators),
      history: (validator) => fairness.history(validator),
      validatorsWith: (prefix) => [
        ...new Set([...liveState.validatorsWith(prefix), ...fairness.validatorsWith(prefix)]),
      ],
      ledger: () => lottery().ledger,
      accountHistory: (key) => this.#accounts.of(key),
      metrics: () => this.#metrics.text(),
      seats: this.#seats,
      postedCandidates: this.#postedCandidates,
      playDoor: this.#playDoor,
      rates: new WriteRates(writeBounds.perSecond, () => clock.monotonicMs()),
      refusal: () => writeBounds.refusal?.(),
      bodyMs: writeBounds.bodyMs,
      rpcServer: {
        status: () => this.#rpcStatus(),
        blockRange: (first, last) => texts.blockRange(first, last),
        blockByHash: (hash) => texts.blockByHash(hash),
        validators: () => lottery().validators(),
        work: () => lottery().work,
        ledger: () => lottery().ledger,
        wallets: () => lottery().ownWallets,
        sandbox: () => lottery().sandbox,
        peers: () => peers,
        makesBlocks: () => !this.#follows,
        sealNow: () => lottery().sealNow(),
        pause: () => lottery().pause(),
        resume: () => lottery().resume(),
        stop: rpc.stop,
      },
      peers,
      rpcCookie: rpc.cookie,
      rpcBodyMs: rpc.bodyMs,
      counters,
      failed: (error) => this.#errors.report(error),
    });
  }

  /** True where the blocks are made by a server elsewhere. */
  get #follows(): boolean {
    return this.#options.writeBounds.refusal?.() !== undefined;
  }

  /** The status with the candidates that an engine has, whatever a page shows of them. */
  #rpcStatus(): Status {
    const { candidates, totalStake } = this.#options.lottery().status();
    return { ...this.#report.status(), candidates, totalStake: String(totalStake) };
  }

  #every(intervalMs: number, work: () => void): void {
    this.#timers.push(setInterval(() => this.#errors.guard(work), intervalMs).unref());
  }

  #readings(): Readings {
    const { totalStake, height, newest } = this.#liveState;
    const [last] = newest;
    const { validators, connections, watchers, candidates, search, log } = this.#report.status();
    const { seal } = this.#options.lottery().status();
    return {
      ...this.#options.traffic(),
      web: this.#counters.all,
      peers: this.#options.peers?.(),
      log,
      validators,
      connections,
      watchers,
      candidates,
      totalStake,
      height,
      awaited: seal?.rounds ?? [],
      hashRate: search === undefined ? 0 : hashRate(search),
      difficulty: Number(search?.difficulty ?? (last !== undefined && isMined(last) ? last.Work.Difficulty : 0)),
    };
  }
}
