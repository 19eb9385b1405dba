import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChalkInstance } from 'chalk';
import { listenAddresses } from '../../base/host.ts';
import { onOneLine } from '../../base/one-line.ts';
import { PerSubnetLimiter } from '../../base/per-subnet-limiter.ts';
import type { Stopped } from '../../http/api/types.ts';
import type { Dashboard, DashboardOptions } from '../../http/dashboard.ts';
import { limits as httpLimits } from '../../http/limits.ts';
import { Chain } from '../../node/chain.ts';
import { limits as nodeLimits } from '../../node/limits.ts';
import { Lottery } from '../../node/lottery.ts';
import { ChainError, DamageError, type NodeEvent, StoreError } from '../../node/ports.ts';
import { ResumableSessions } from '../../node/resumable-sessions.ts';
import { nativeVerifier } from '../../platform/ed25519.ts';
import { fileDescriptorLimit, placesWithin } from '../../platform/file-descriptors.ts';
import { ProcessMetrics } from '../../platform/process-metrics.ts';
import { SystemClock } from '../../platform/system-clock.ts';
import { SystemSecrets } from '../../platform/system-secrets.ts';
import { LevelStore } from '../../storage/level-store.ts';
import { Broadcaster, socketPortions } from '../../tcp/broadcaster.ts';
import { ChainDeliveryScheduler, socketDeliveries } from '../../tcp/chain-delivery-scheduler.ts';
import { notifyClients } from '../../tcp/client-notifier.ts';
import { closeReasons } from '../../tcp/close-reason.ts';
import type { Connection } from '../../tcp/connection.ts';
import { chainIsGone, diskRefused, kicked, operatorSays, serverStops } from '../../tcp/conversation-text.ts';
import { TcpServer } from '../../tcp/tcp-server.ts';
import type { Config } from '../config/config.ts';
import { limits as cliLimits } from '../limits.ts';
import { cureText, repairLine } from '../start-command.ts';
import { banner } from './console/banner.ts';
import { Operator } from './console/operator.ts';
import { Progress } from './console/progress.ts';
import { Reporter } from './console/reporter.ts';
import { statsText } from './console/stats-text.ts';
import { Terminal, type TerminalOutput } from './console/terminal.ts';
import { openPage } from './start-dashboard.ts';
import { StatsReader } from './stats-reader.ts';

export interface ServerOptions {
  readonly config: Config;
  readonly version: string;
  readonly input: NodeJS.ReadStream;
  readonly output: TerminalOutput;
  readonly paint: ChalkInstance;
  /** The operator wants the server to stop: aborted by `askToStop`, and by others. */
  readonly stopAsked: AbortSignal;
  readonly askToStop: () => void;
}

interface Parts {
  readonly store: LevelStore;
  readonly lottery: Lottery;
  readonly tcpServer: TcpServer;
  readonly broadcaster: Broadcaster;
  readonly terminal: Terminal;
  readonly dashboard: Dashboard | undefined;
  readonly statusTimer: NodeJS.Timeout;
  readonly monitor: ProcessMetrics;
  readonly rejoinGraceMs: number;
}

/** All the parts, wired together and running. */
export class LotteryServer {
  readonly #parts: Parts;
  /** The port that is listened on. */
  readonly port: number;
  /** Resolves when the rounds have been stopped; rejects with what made a draw fail, a StoreError when it was the disk. */
  readonly ended: Promise<void>;

  private constructor(parts: Parts, port: number) {
    this.#parts = parts;
    this.port = port;
    this.ended = parts.lottery.run();
    // Whoever waits for it hears of a failure; the process must not die of it before that.
    this.ended.catch(() => undefined);
  }

  /**
   * Opens the store, checks the chain, listens, and begins the first round. Throws a ChainError when the data directory cannot be used,
   * a ListenError when the port cannot, the reason of `stopAsked` when that comes first; nothing is left open then.
   */
  static async start(options: ServerOptions): Promise<LotteryServer> {
    const { config, paint } = options;
    const store = await LevelStore.open(config.dataDir);
    const cleanUp: (() => void | Promise<void>)[] = [() => store.close()];
    try {
      const damaged = (words: string): string =>
        `${paint.red('Damaged')}: ${onOneLine(words)}. ${cureText(repairLine(config.dataDir))}\n`;
      const terminal = new Terminal({
        input: options.input,
        output: options.output,
        interrupt: options.askToStop,
        complete: (line) => operator.complete(line),
      });
      cleanUp.push(() => terminal.close());
      const clock = new SystemClock();
      const secrets = SystemSecrets.open(join(config.dataDir, 'master-secret'), store.isEmpty);
      const connections = new Set<Connection>();
      const courier = new ChainDeliveryScheduler({ clock, ...socketDeliveries });
      const broadcaster = new Broadcaster(connections, () => clock.turn(), socketPortions);
      const reporter = new Reporter({
        paint,
        print: (text) => terminal.print(text),
        nowMs: () => clock.monotonicMs(),
      });
      const progress = new Progress(options.output, () => clock.monotonicMs());
      const places = placesWithin(fileDescriptorLimit(), config.maxConnections, config.dashboardPort !== 0);
      const dashboard =
        config.dashboardPort === 0
          ? undefined
          : await makeDashboard({
              version: options.version,
              intervalMs: config.lotteryIntervalMs,
              clock,
              store,
              chain: broadcaster.chain,
              connectionsMax: places.page,
              neighbours: new PerSubnetLimiter(Math.ceil(places.page * httpLimits.dashboardAddressShare)),
              desk: () => lottery,
              connections: () => connections.size,
              traffic: () => ({
                endings: new Map(closeReasons.map((name) => [name, tcpServer.endings.of(name)])),
                bytes: { received: tcpServer.counts.of('bytes in'), sent: tcpServer.counts.of('bytes out') },
                chainsSkipped: tcpServer.counts.of('chains skipped'),
              }),
              failed: (error) => {
                const isDamage = error instanceof DamageError;
                terminal.print(
                  isDamage ? damaged(error.message) : `${paint.red('The page failed')}: ${wordsOf(error)}\n`,
                );
              },
            });
      cleanUp.push(() => dashboard?.close('asked'));
      const listener = {
        onEvent(event: NodeEvent): void {
          notifyClients(broadcaster, event);
          reporter.onEvent(event);
          dashboard?.onEvent(event);
          if (event.kind === 'loaded')
            progress.show(() => `Checking the chain: ${event.block.Index} blocks hold so far`);
        },
      };

      const { stopAsked } = options;
      const verifySignature = nativeVerifier();
      const timedStore = dashboard?.timed(store) ?? store;
      const ports = { clock, secrets, verifySignature, store: timedStore, listener, stopAsked };
      const chain = await Chain.open(ports, nodeLimits.linksPerChain).finally(() => progress.end());
      const seats = await ResumableSessions.open({
        clock,
        graceMs: config.rejoinGraceMs,
        newCode: () => secrets.newCode(),
        store,
      });
      const lottery = new Lottery({
        clock,
        seats,
        listener,
        chain,
        newAddress: () => secrets.newAddress(),
        intervalMs: config.lotteryIntervalMs,
        broadcastIntervalMs: config.chainBroadcastIntervalMs,
      });
      const tcpServer = new TcpServer({
        connectionsMax: places.people,
        connectionsPerAddressMax: config.maxConnectionsPerAddress,
        connections,
        host: {
          desk: lottery,
          rules: { stakeMax: config.maxStake, slashAfter: config.slashAfter, rejoinGraceMs: config.rejoinGraceMs },
          linesPerSecond: config.maxLinesPerSecond,
          pagePort: () => dashboard?.port,
          clock,
          deliver: (connection) => courier.add(connection),
          forget: (connection) => courier.remove(connection),
          failed: (error, number) => {
            const who = number === undefined ? 'A connection' : `Connection ${number}`;
            terminal.print(`${paint.red(`${who} was closed (fault) because serving it failed`)}: ${wordsOf(error)}\n`);
          },
        },
      });
      cleanUp.push(() => tcpServer.stopListening());
      const monitor = new ProcessMetrics();
      cleanUp.push(() => monitor.stop());
      const statsReader = new StatsReader({
        tcpServer,
        connections,
        connectionsMax: places.people,
        lottery,
        monitor,
      });
      const operator = new Operator({
        desk: lottery,
        paint,
        print: (text) => terminal.print(text),
        drained: () => terminal.drained(),
        blocks: (first, last) => store.blockTexts(first, last),
        stats: () => statsText(statsReader.read(), paint),
        kick: async (address) => {
          // Void before the person reads so: a crash must not bring the code back to life.
          lottery.voidSeat(address);
          await lottery.seatsSynced();
          for (const connection of connections) {
            if (connection.address === address) connection.kick(kicked(config.rejoinGraceMs > 0));
          }
        },
        say: (line) => {
          broadcaster.tell(operatorSays(line));
          return connections.size;
        },
        quit: options.askToStop,
      });
      const { addresses, port } = await tcpServer.listen(listenAddresses(config.host), config.port);

      const interfaces = { host: config.host, port, networkInterfaces: networkInterfaces() };
      const page = dashboard === undefined ? undefined : await openPage(dashboard, config, addresses, interfaces);
      terminal.print(
        banner(
          {
            version: options.version,
            ...interfaces,
            addresses,
            height: chain.tip.index,
            dataDir: config.dataDir,
            lotteryIntervalMs: config.lotteryIntervalMs,
            chainBroadcastIntervalMs: config.chainBroadcastIntervalMs,
            connectionsMax: places.people,
            connectionsNote: places.people < config.maxConnections ? 'as the file descriptor limit allows' : undefined,
            page,
          },
          paint,
        ),
      );
      terminal.listen((line) => {
        operator
          .receive(line)
          .catch((error: unknown) => terminal.print(`${paint.red('That failed')}: ${String(error)}\n`));
      });
      const statusTimer = setInterval(() => {
        reporter.sumUp();
        terminal.showStatus(operator.status());
      }, cliLimits.statusIntervalMs);
      return new LotteryServer(
        {
          store,
          lottery,
          tcpServer,
          broadcaster,
          terminal,
          dashboard,
          statusTimer,
          monitor,
          rejoinGraceMs: config.rejoinGraceMs,
        },
        port,
      );
    } catch (error) {
      for (const close of cleanUp.reverse()) await close();
      throw error;
    }
  }

  /**
   * Takes no more people, finishes what is being stored and announced, says last words to everybody, and closes the store. `ended` says
   * afterwards whether the last draw could be stored.
   */
  async stop(): Promise<void> {
    const { store, lottery, tcpServer, broadcaster, terminal, dashboard, statusTimer, monitor } = this.#parts;
    terminal.print('Stopping.\n');
    clearInterval(statusTimer);
    monitor.stop();
    const allClosed = tcpServer.stopListening();
    const { candidates } = lottery.status();
    const { rejoinGraceMs } = this.#parts;
    lottery.stop();
    const why = await this.ended.then(() => 'asked' as const, stopReason);
    dashboard?.close(why);
    await broadcaster.settled();
    const lastWords = {
      asked: () => serverStops(candidates, rejoinGraceMs),
      'disk-refused': diskRefused,
      'chain-gone': chainIsGone,
    };
    tcpServer.sayGoodbye(lastWords[why]());
    await Promise.race([allClosed, delay(nodeLimits.goodbyeMs)]);
    // Whoever does not close their side would keep the process from ending.
    tcpServer.cutOff();
    await store.close();
    terminal.close();
  }
}

/** What people are told of a draw that failed. A fault of ours is not theirs to judge. */
function stopReason(failure: unknown): Stopped['why'] {
  if (failure instanceof ChainError) return 'chain-gone';
  return failure instanceof StoreError ? 'disk-refused' : 'asked';
}

/** Loaded only where there is a page: it is most of what a server has to load. */
async function makeDashboard(options: DashboardOptions): Promise<Dashboard> {
  const { Dashboard } = await import('../../http/dashboard.ts');
  return new Dashboard(options);
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
