import { createServer, type Server, type Socket } from 'node:net';
import { isLoopback, isMissing } from '../base/host.ts';
import { PerSubnetLimiter } from '../base/per-subnet-limiter.ts';
import { limits as nodeLimits } from '../node/limits.ts';
import { type CloseReason, closeReasons } from './close-reason.ts';
import { Connection, type ConnectionHost } from './connection.ts';
import * as text from './conversation-text.ts';
import { type Count, Counters } from './counters.ts';
import { limits } from './limits.ts';
import { UnstakedConnections } from './unstaked-connections.ts';

/** Why a connection was not taken. */
export const refusals = [
  /** Everybody who is connected has a balance. */
  'full',
  /** Its network address has all the connections that one may have. */
  'address-full',
  /** Too many came in the same moment: closed without a word. */
  'dropped',
] as const;

export type Refusal = (typeof refusals)[number];

export interface TcpServerOptions {
  readonly connectionsMax: number;
  /** 0 is no limit; this machine itself has none. */
  readonly connectionsPerAddressMax: number;
  readonly host: ConnectionHost;
  /** Where the connections are kept: everybody who is connected. */
  readonly connections: Set<Connection>;
}

/** What has come and gone over all connections so far. */
export interface Traffic {
  readonly endings: ReadonlyMap<CloseReason, number>;
  readonly bytes: { readonly received: number; readonly sent: number };
  readonly chainsSkipped: number;
}

/** Why a server cannot listen, in the system's words (`EADDRINUSE`, …), and where. */
export class ListenError extends Error {
  override readonly name = 'ListenError';
  readonly code: string;
  readonly address: string;

  constructor(code: string, address: string, port: number) {
    super(`cannot listen on ${address} port ${port}: ${code}`);
    this.code = code;
    this.address = address;
  }
}

/** Listens on TCP and keeps the connections. */
export class TcpServer {
  readonly #options: TcpServerOptions;
  readonly #servers: Server[] = [];
  readonly #neighbours: PerSubnetLimiter;
  readonly #watchers = new UnstakedConnections();
  /** How many connections have ended in which way. */
  readonly endings: Counters<CloseReason> = new Counters();
  readonly refusals: Counters<Refusal> = new Counters();
  readonly counts: Counters<Count> = new Counters();
  readonly #refused = new Set<Socket>();

  constructor(options: TcpServerOptions) {
    this.#options = options;
    this.#neighbours = new PerSubnetLimiter(options.connectionsPerAddressMax);
  }

  /**
   * Listens on some addresses, all on the same port; port 0 lets the system choose one that is free on the first. An address that
   * this machine does not have (IPv6 is often switched off) is passed over when another one works. Throws a ListenError otherwise.
   */
  async listen(addresses: readonly string[], port: number): Promise<{ addresses: readonly string[]; port: number }> {
    const listening: string[] = [];
    let failure: ListenError | undefined;
    let boundPort = port;
    for (const address of addresses) {
      try {
        boundPort = await this.#listenOn(address, boundPort);
        listening.push(address);
      } catch (error) {
        if (!(error instanceof ListenError) || !isMissing(error.code)) throw error;
        failure = error;
      }
    }
    if (listening.length === 0 && failure !== undefined) throw failure;
    return { addresses: listening, port: boundPort };
  }

  /** How connections have ended, the bytes that went either way, and the chains that somebody was too slow for. */
  traffic(): Traffic {
    return {
      endings: new Map(closeReasons.map((name) => [name, this.endings.of(name)])),
      bytes: { received: this.counts.of('bytes in'), sent: this.counts.of('bytes out') },
      chainsSkipped: this.counts.of('chains skipped'),
    };
  }

  /** Takes no more connections; resolves when the last one is closed. */
  async stopListening(): Promise<void> {
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  /** Says last words to everybody and closes their connections. */
  sayGoodbye(lastWords: string): void {
    for (const connection of this.#options.connections) connection.stop(lastWords);
  }

  /** Cuts off whoever is still connected. */
  cutOff(): void {
    for (const connection of this.#options.connections) connection.cutOff();
    for (const socket of this.#refused) socket.resetAndDestroy();
  }

  async #listenOn(address: string, port: number): Promise<number> {
    // Without allowHalfOpen every piped client is cut off before its answer: `printf '100\n72\n' | nc -N` has closed its side by then.
    const options = {
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: nodeLimits.keepAliveMs,
      highWaterMark: limits.socketHighWaterBytes,
    };
    // Listening to this machine alone, nobody needs to be asked where they come from.
    const server = createServer(options, (socket) => {
      this.#receive(socket, isLoopback(address) ? address : (socket.remoteAddress ?? ''));
    });
    server.maxConnections = this.#options.connectionsMax + limits.evictionsMax + limits.refusalsMax;
    server.on('drop', () => this.refusals.add('dropped'));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        reject(new ListenError(error.code ?? error.message, address, port));
      });
      server.listen({ host: address, port, backlog: nodeLimits.backlog }, resolve);
    });
    // After this, an error is one of a single accept (ECONNABORTED, say): that connection is lost, the server is not.
    server.on('error', (error) => this.#options.host.failed(error));
    this.#servers.push(server);
    const bound = server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : port;
  }

  #receive(socket: Socket, address: string): void {
    // What went wrong is told by 'close', which always follows; without a listener an error would stop the process.
    socket.on('error', ignore);
    const { connectionsMax, connectionsPerAddressMax } = this.#options;
    const network = this.#neighbours.subnetOf(address);
    const leave = this.#neighbours.enter(address) ?? this.#enterInsteadOfAnother(address, network);
    if (leave === undefined) {
      this.#refuse(socket, 'address-full', text.addressIsFull(connectionsPerAddressMax));
    } else if (this.#hasRoom()) {
      this.#take(socket, network, leave);
    } else {
      leave();
      this.#refuse(socket, 'full', text.serverIsFull(connectionsMax));
    }
  }

  /** Somebody without a balance leaves the network's places to those who will have one: a single idle machine does not keep out a class. */
  #enterInsteadOfAnother(address: string, network: string | undefined): (() => void) | undefined {
    const isRoomMade = network !== undefined && this.#watchers.evictOne(network);
    return isRoomMade ? this.#neighbours.enter(address, limits.evictionsMax) : undefined;
  }

  /** True when there is a place, or when somebody without a balance makes one: of those the one who has been here longest. */
  #hasRoom(): boolean {
    const { connections, connectionsMax } = this.#options;
    if (connections.size < connectionsMax) return true;
    return connections.size < connectionsMax + limits.evictionsMax && this.#watchers.evictOne();
  }

  #take(socket: Socket, network: string | undefined, leave: () => void): void {
    const { connections, host } = this.#options;
    const connection = new Connection(socket, host, this.counts);
    connections.add(connection);
    this.#watchers.add(connection, network);
    socket.on('data', (chunk) => connection.receive(chunk));
    socket.on('end', () => connection.finish());
    socket.on('drain', () => connection.drained());
    socket.on('close', (hadError) => {
      leave();
      connections.delete(connection);
      this.#watchers.delete(connection, network);
      this.endings.add(connection.lost(hadError));
    });
    connection.greetSoon();
  }

  #refuse(socket: Socket, refusal: Refusal, words: string): void {
    this.refusals.add(refusal);
    this.counts.add('bytes out', words.length);
    socket.resume();
    socket.end(words);
    if (this.#refused.size >= limits.refusalsMax) {
      // Closed at once: what it may have sent by now is not read, so the system may take back the words as well.
      socket.destroySoon();
      return;
    }
    this.#refused.add(socket);
    const { clock } = this.#options.host;
    const cancel = clock.wakeAt(clock.monotonicMs() + limits.resetDelayMs, () => socket.resetAndDestroy());
    socket.on('close', () => {
      cancel();
      this.#refused.delete(socket);
    });
  }
}

function ignore(): void {}
