import { networkInterfaces } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChalkInstance } from 'chalk';
import { onOneLine } from '../../base/escape-for-display.ts';
import { listenAddresses } from '../../base/host.ts';
import type { Stopped } from '../../http/api/types.ts';
import type { Dashboard } from '../../http/dashboard.ts';
import { peersReport } from '../../http/peers-report.ts';
import { limits as rpcLimits } from '../../http/rpc/limits.ts';
import { assemble, type Node } from '../../node/assemble.ts';
import { limits as nodeLimits } from '../../node/limits.ts';
import { ChainError, StoreError } from '../../node/ports.ts';
import { holdsSandbox } from '../../node/sandbox.ts';
import type { SyncEvent } from '../../node/sync/sync-event.ts';
import { nativeVerifier } from '../../platform/ed25519.ts';
import { fileDescriptorLimit, placesWithin } from '../../platform/file-descriptors.ts';
import { MiningThreads } from '../../platform/mining-threads.ts';
import { ProcessMetrics } from '../../platform/process-metrics.ts';
import { RpcCookie } from '../../platform/rpc-cookie.ts';
import { ClientHub } from '../../tcp/client-hub.ts';
import type { Connection } from '../../tcp/connection.ts';
import { chainIsGone, diskRefused, serverStops } from '../../tcp/operator-text.ts';
import { followerStops } from '../../tcp/relay-text.ts';
import type { RelayedConnection } from '../../tcp/relayed-connection.ts';
import type { SeatServer } from '../../tcp/seat-server.ts';
import { servedBy } from '../../tcp/served-by.ts';
import { TcpServer } from '../../tcp/tcp-server.ts';
import type { CommandInput } from '../command.ts';
import { type Config, takesChainOfPeers } from '../config/config.ts';
import { newChainOf } from '../config/new-chain.ts';
import type { TerminalOutput } from '../terminal.ts';
import { beaconsOf, noBeacons, openBeacons } from './beacons.ts';
import { newLedgerOf, refuseBeacons, refuseOtherChain } from './chain-settings.ts';
import { banner } from './console/banner.ts';
import { OperatorConsole } from './console/operator-console.ts';
import { peersText } from './console/peers-text.ts';
import { relayText, silentBeaconText } from './console/relay-text.ts';
import { statsText } from './console/stats-text.ts';
import { type Door, openDoor } from './door.ts';
import type { Follower } from './follower.ts';
import type { PeerSide } from './peer-side.ts';
import { openFollower, openPeers, openSeats } from './peers.ts';
import { clockFor, directoryWorld, type ServerStore, type ServerWorld } from './server-world.ts';
import { makeDashboard, openPage } from './start-dashboard.ts';
import { StatsReader } from './stats-reader.ts';

export interface ServerOptions {
  readonly config: Config;
  /** How many links a series of secrets of a new lottery has. */
  readonly linksPerChain: number;
  readonly version: string;
  readonly input: CommandInput;
  readonly output: TerminalOutput;
  readonly paint: ChalkInstance;
  /** The operator wants the server to stop: aborted by `askToStop`, and by others. */
  readonly stopAsked: AbortSignal;
  readonly askToStop: () => void;
  /** What the server has of the machine: everything in the data directory where it is left out. */
  readonly world?: ServerWorld;
  /** Whether there is a page: as the settings say where it is left out. With a page, the port 0 is any that is free. */
  readonly hasPage?: boolean;
}

/** Serves people who take part here, or by way of this server. */
type PeopleServer = TcpServer<Connection | RelayedConnection>;

interface Parts {
  readonly store: ServerStore;
  readonly node: Node;
  readonly clients: ClientHub;
  readonly tcpServer: PeopleServer;
  readonly operatorConsole: OperatorConsole;
  readonly dashboard: Dashboard | undefined;
  readonly monitor: ProcessMetrics;
  readonly cookie: RpcCookie;
  readonly peers: PeerSide | undefined;
  readonly door: Door | undefined;
  readonly seats: SeatServer | undefined;
  readonly nonces: MiningThreads;
  /** 0 where seats are not kept. */
  readonly rejoinGraceMs: number;
}

/** All the parts, wired together and running. */
export class LotteryServer {
  readonly #parts: Parts;
  readonly #stopping = new AbortController();
  /** The port that is listened on. */
  readonly port: number;
  /** The page's; undefined where there is no page. */
  readonly pagePort: number | undefined;
  /** Resolves when the rounds have been stopped; rejects with what made a draw fail, a StoreError when it was the disk. */
  readonly ended: Promise<void>;

  private constructor(parts: Parts, port: number) {
    this.#parts = parts;
    this.port = port;
    this.pagePort = parts.dashboard?.port;
    this.ended = this.#run();
    // Those who wait for it hear of a failure; the process must not die of it before that.
    this.ended.catch(() => undefined);
  }

  /** How other nodes dial this one; undefined where it does not listen for them. */
  get peerAddress(): string | undefined {
    return this.#parts.peers?.network.addresses[0];
  }

  /** What the operator's programs authenticate with: a user and a password, with a colon between them; undefined where there is no page. */
  get credentials(): string | undefined {
    return this.#parts.cookie.credentials;
  }

  /**
   * Opens the store, checks the chain, listens, and begins the first round. Throws a ChainError when the data directory cannot be used,
   * a ListenError when the port cannot, the reason of `stopAsked` when that comes first; nothing is left open then.
   */
  static async start(options: ServerOptions): Promise<LotteryServer> {
    const { config, linksPerChain, version, input, output, paint, stopAsked, askToStop } = options;
    const { world = directoryWorld(config.dataDir, config.seed), hasPage = config.dashboardPort !== 0 } = options;
    const store = await world.openStore();
    const cleanUp: (() => void | Promise<void>)[] = [() => store.close()];
    try {
      const isNew = store.height < 0;
      const newLedger = isNew ? newLedgerOf(config) : undefined;
      const seed = world.openSeed(isNew);
      const isSandbox = isNew ? newLedger?.isSandbox === true : await holdsSandbox(store);
      const { clock, time } = await clockFor(world, isSandbox);
      const nowMs = (): number => clock.monotonicMs();
      const operatorConsole = new OperatorConsole({
        input,
        output,
        paint,
        nowMs,
        quit: askToStop,
        dataDir: config.dataDir,
      });
      cleanUp.push(() => operatorConsole.close());
      const hasPeers = takesChainOfPeers(config);
      // One who follows the chain of another makes nothing with a secret, but may mine.
      const secrets = world.openSecrets({ mayCreate: isNew || hasPeers, seed, height: store.height });
      const clients = new ClientHub(clock, store);
      const cookie = new RpcCookie(world.cookieFile, rpcLimits.cookieBytes);
      cleanUp.push(() => cookie.remove());
      // There is none before it is known whose chain it is.
      let follower: Follower | undefined;
      const onSync = (event: SyncEvent): void => {
        operatorConsole.onSync(event);
        follower?.onSync(event);
      };
      const peers = await openPeers({ config, clock, store, listener: { onSync } });
      cleanUp.push(() => peers?.stop());
      const door = await openDoor({
        config,
        name: secrets.newCode(),
        tell: (words) => operatorConsole.print(`${onOneLine(words)}\n`),
      });
      cleanUp.push(() => door?.log.close());
      const places = placesWithin(fileDescriptorLimit(), config.maxConnections, hasPage);
      const dashboard = await makeDashboard({
        hasPage,
        version,
        config,
        clock,
        store,
        clients,
        cookie,
        askToStop,
        refusal: () => follower?.refusal,
        connections: () => (follower?.connections ?? clients.connections).size,
        connectionsMax: places.page,
        peers: peers && (() => peers.shown),
        lottery: () => node.service,
        traffic: () => tcpServer.traffic(),
        play: (socket, address) => tcpServer.receive(socket, address),
        failed: (error) => operatorConsole.failPage(error),
      });
      cleanUp.push(() => dashboard?.close('asked'));

      const nonces = new MiningThreads({
        threads: config.miners,
        died: (error) =>
          operatorConsole.fail('A thread that searches for nonces ended, and another one takes its place', error),
      });
      cleanUp.push(() => nonces.close());

      if (isNew) refuseBeacons(config);
      const beacons = config.beacons.length === 0 ? undefined : await import('./named-beacons.ts');
      const named = (await beacons?.readBeacons(config.beacons, stopAsked)) ?? noBeacons;
      await peers?.start();
      if (hasPeers && isNew) operatorConsole.print('Waiting for a peer that gives the genesis of its chain.\n');
      const node: Node = await assemble(
        {
          clock,
          secrets,
          verifySignature: nativeVerifier(),
          store,
          sessionStore: store,
          mining: { nonces, mine: config.mine },
          ...(time === undefined ? {} : { time }),
          openBeacons: (awaited) =>
            openBeacons(awaited, named, {
              clock,
              stopAsked,
              onRelay: (event) => operatorConsole.print(relayText(event)),
              onSilent: (beacon) => operatorConsole.print(silentBeaconText(beacon)),
            }),
          wallets: () => world.openWallets({ mayCreate: isNew, seed, height: store.height }),
          ...(peers === undefined || !hasPeers ? {} : { upstream: { genesis: () => peers.genesis(stopAsked) } }),
          ...(door === undefined ? {} : { doors: door.doors }),
          subscribers: [clients, operatorConsole, ...(dashboard === undefined ? [] : [dashboard])],
          failed: (error) => operatorConsole.fail('Telling of an event failed', error),
        },
        {
          newChain: newChainOf(config),
          newLedger,
          newBeacons: isNew ? (beacons?.newBeaconsOf(named, clock.timestamp()) ?? []) : [],
          seed,
          verifiesAll: config.verifyAll,
          grant: config.faucetGrant,
          linksPerChain,
          intervalMs: config.lotteryIntervalMs,
          broadcastIntervalMs: config.chainBroadcastIntervalMs,
          rejoinGraceMs: config.rejoinGraceMs,
        },
        stopAsked,
      ).finally(() => operatorConsole.endProgress());
      const { service, kind, isFollower } = node;
      if (peers !== undefined && isFollower)
        follower = await openFollower({
          ...{ peers, node, store, clock },
          dataDir: config.dataDir,
          tell: (line) => operatorConsole.print(line),
          failed: (error) => operatorConsole.fail('A connection was closed (fault) because serving it failed', error),
        });
      refuseOtherChain(config, node);
      const awaited = beaconsOf(node.chain.tip);
      beacons?.relaysOf(awaited, named);
      const rejoinGraceMs = kind === 'lottery' && node.ledger === undefined ? config.rejoinGraceMs : 0;

      const tcpServer: PeopleServer = new TcpServer<Connection | RelayedConnection>({
        connectionsMax: places.people,
        connectionsPerAddressMax: config.maxConnectionsPerAddress,
        ...(follower?.serving ?? {
          connections: clients.connections,
          ...servedBy(
            clients.host({
              service,
              rules: {
                stakeMax: config.maxStake,
                slashAfter: config.slashAfter,
                rejoinGraceMs,
                chainTail: config.chainTail,
              },
              linesPerSecond: config.maxLinesPerSecond,
              pagePort: () => dashboard?.port,
              failed: (error, number) => {
                const who = number === undefined ? 'A connection' : `Connection ${number}`;
                operatorConsole.fail(`${who} was closed (fault) because serving it failed`, error);
              },
            }),
          ),
        }),
      });
      cleanUp.push(() => tcpServer.stopListening());
      const monitor = new ProcessMetrics();
      cleanUp.push(() => monitor.stop());
      const connections = follower?.connections ?? clients.connections;
      const stats = new StatsReader({ tcpServer, connections, connectionsMax: places.people, service, monitor });

      const { addresses, port } = await tcpServer.listen(listenAddresses(config.host), config.port);
      const interfaces = { host: config.host, port, networkInterfaces: networkInterfaces() };
      const page = dashboard === undefined ? undefined : await openPage(dashboard, config, addresses, interfaces);
      if (dashboard?.port !== undefined) writeCookie(cookie, operatorConsole);
      operatorConsole.print(
        banner(
          {
            version,
            ...interfaces,
            addresses,
            height: node.chain.height,
            takenAtWord: node.chain.takenAtWord,
            dataDir: config.dataDir,
            isSandbox: service.status().isSandbox,
            seed,
            pace: isFollower
              ? { kind: 'followed' }
              : kind === 'work'
                ? { kind, miners: config.miners }
                : kind === 'instant'
                  ? { kind }
                  : { kind, intervalMs: config.lotteryIntervalMs },
            beacons: awaited,
            chainBroadcastIntervalMs: config.chainBroadcastIntervalMs,
            connectionsMax: places.people,
            connectionsNote: places.people < config.maxConnections ? 'as the file descriptor limit allows' : undefined,
            page,
            peerAddress: peers?.network.addresses[0],
          },
          paint,
        ),
      );
      operatorConsole.listen({
        service,
        blocks: (first, last) => store.blockRange(first, last),
        stats: () => statsText(stats.read(), paint),
        elsewhere: isFollower ? 'The blocks are made elsewhere: this server follows the chain of another.' : undefined,
        peers: () =>
          peers === undefined
            ? 'This server has no other nodes: --peer-port and --peer begin that.\n'
            : peersText(peersReport(peers.shown, clock.monotonicMs())),
        kick: async (address) => {
          // Void before the person reads so: a crash must not bring the code back to life.
          service.voidSession(address);
          await service.sessionsSynced();
          clients.kick(address, rejoinGraceMs > 0);
          dashboard?.kick(address);
        },
        say: (line) => (follower ?? clients).say(line),
      });
      if (isFollower)
        await peers?.relaySeats(node.chain.tip?.chainId ?? '', (error) =>
          operatorConsole.fail('The way of a person by way of this server ended (fault)', error),
        );
      const seats =
        peers === undefined || node.authority === undefined
          ? undefined
          : await openSeats(peers, node, clients, tcpServer, secrets.newCode());
      return new LotteryServer(
        {
          store,
          node,
          clients,
          tcpServer,
          operatorConsole,
          dashboard,
          monitor,
          nonces,
          cookie,
          peers,
          door,
          seats,
          rejoinGraceMs,
        },
        port,
      );
    } catch (error) {
      for (const close of cleanUp.reverse()) await close();
      throw error;
    }
  }

  /** Makes blocks, and keeps company with other nodes. Where one fails the other ends, too, before this rejects. */
  async #run(): Promise<void> {
    const { node, peers } = this.#parts;
    const { signal } = this.#stopping;
    const failures: unknown[] = [];
    const failed = (error: unknown): void => {
      failures.push(error);
      this.#stopping.abort();
    };
    void peers?.run(node).catch(failed);
    await node.run(signal).catch(failed);
    if (failures.length > 0) throw failures[0];
  }

  /**
   * Takes no more people, finishes what is being stored and announced, says last words to everybody, and closes the store. `ended` says
   * afterwards whether the last draw could be stored.
   */
  async stop(): Promise<void> {
    const {
      store,
      node,
      clients,
      tcpServer,
      operatorConsole,
      dashboard,
      monitor,
      nonces,
      cookie,
      peers,
      door,
      seats,
      rejoinGraceMs,
    } = this.#parts;
    operatorConsole.print('Stopping.\n');
    operatorConsole.stopStatus();
    monitor.stop();
    const allClosed = tcpServer.stopListening();
    const { candidates, seal } = node.service.status();
    seats?.leave();
    this.#stopping.abort();
    const why = await this.ended.then(() => 'asked' as const, stopReason);
    dashboard?.close(why);
    cookie.remove();
    await clients.settled();
    // The beacons may have spoken at the last moment.
    const sealed = seal === undefined || seal.pool.Index <= node.chain.height ? undefined : seal.pool.Index;
    const lastWords = {
      // What was accepted by an instant chain is in it by now.
      asked: () => serverStops(node.kind === 'instant' ? 0 : candidates, rejoinGraceMs, node.kind, sealed),
      'disk-refused': () => diskRefused(node.kind === 'lottery'),
      'chain-gone': () => chainIsGone(node.kind === 'lottery'),
    };
    tcpServer.sayGoodbye(node.isFollower ? followerStops() : lastWords[why]());
    await Promise.race([
      Promise.all([allClosed, seats?.closed(), dashboard?.playersLeft()]),
      delay(nodeLimits.goodbyeMs),
    ]);
    // A client that does not close its side would keep the process from ending.
    tcpServer.cutOff();
    await nonces.close();
    await peers?.stop();
    await door?.log.close();
    await store.close();
    operatorConsole.close();
  }
}

/** Without the cookie the page goes on without an owner. */
function writeCookie(cookie: RpcCookie, operatorConsole: OperatorConsole): void {
  try {
    cookie.write();
  } catch (error) {
    operatorConsole.fail('The cookie for POST /rpc cannot be written, so nobody can control the server there', error);
  }
}

/** What people are told of a draw that failed. A fault of ours is not theirs to judge. */
function stopReason(failure: unknown): Stopped['why'] {
  if (failure instanceof ChainError) return 'chain-gone';
  return failure instanceof StoreError ? 'disk-refused' : 'asked';
}
