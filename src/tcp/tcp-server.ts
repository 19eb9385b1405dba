import { createServer, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { isLoopback, isMissing } from '../base/host.ts';
import { limits as nodeLimits } from '../node/limits.ts';
import { Admission, type AdmissionOptions, type Place } from './admission.ts';
import { type CloseReason, closeReasons } from './close-reason.ts';
import { type Count, Counters } from './counters.ts';
import { limits } from './limits.ts';
import type { ConnectionClock } from './lingering-close.ts';
import * as refusalText from './refusal-text.ts';
import { type Refusal, RefusedSockets } from './refused-sockets.ts';
import type { SocketLike } from './send-buffer.ts';
import type { UnstakedConnection } from './unstaked-connections.ts';

/** A socket of TCP, or what behaves like one. */
export type ServedSocket = Duplex & SocketLike & { destroySoon(): void };

/** A connection as its server sees it. */
export interface ServedConnection extends UnstakedConnection {
  /** Writes the first prompt soon. */
  greetSoon(): void;
  receive(chunk: Buffer): void;
  /** The other side closed its sending direction. */
  finish(): void;
  /** The socket has taken all that was written. */
  drained(): void;
  /** The socket is gone; returns why the connection ended. */
  lost(hadError: boolean): CloseReason;
  /** Closes the connection with last words because the server stops. */
  stop(lastWords: string): void;
  /** Ends the connection without waiting for the other side. */
  cutOff(): void;
}

export interface TcpServerOptions<Served extends ServedConnection> extends AdmissionOptions {
  readonly clock: ConnectionClock;
  /** Makes the connection of a socket that is admitted. */
  serve(socket: ServedSocket, counts: Counters<Count>): Served;
  /** A fault of ours while the server listens. */
  failed(error: unknown): void;
  /** Where the connections are kept while they exist. */
  readonly connections: Set<Served>;
}

/** What has gone through all connections so far. */
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

/** Listens on TCP and serves the connections that are admitted. */
export class TcpServer<Served extends ServedConnection> {
  readonly #options: TcpServerOptions<Served>;
  readonly #servers: Server[] = [];
  readonly #admission: Admission;
  readonly #refused: RefusedSockets;
  /** How many connections have ended for which reason. */
  readonly closeReasons: Counters<CloseReason> = new Counters();
  readonly counts: Counters<Count> = new Counters();

  constructor(options: TcpServerOptions<Served>) {
    this.#options = options;
    this.#admission = new Admission(options);
    this.#refused = new RefusedSockets(options.clock);
  }

  /** How many connections were refused for which reason. */
  get refusals(): Counters<Refusal> {
    return this.#refused.counts;
  }

  /**
   * Listens on some addresses, all on the same port; port 0 lets the system choose one that is free on the first. An address that
   * this machine does not have (IPv6 is often switched off) is skipped when another one works. Throws a ListenError otherwise.
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

  /** Serves a socket that has come from an address, where there is a place for it. */
  receive(socket: ServedSocket, address: string): void {
    // A socket without this listener would stop the process. The error itself is told by 'close', which always follows.
    socket.on('error', ignore);
    const { connectionsMax, connectionsPerAddressMax } = this.#options;
    const place = this.#admission.admit(address);
    if (place === 'full') this.#refuse(socket, place, refusalText.serverIsFull(connectionsMax));
    else if (place === 'address-full') this.#refuse(socket, place, refusalText.addressIsFull(connectionsPerAddressMax));
    else this.#serve(socket, place);
  }

  /** How connections have ended, the bytes that went either way, and the chains that were skipped for slow readers. */
  traffic(): Traffic {
    return {
      endings: new Map(closeReasons.map((name) => [name, this.closeReasons.of(name)])),
      bytes: { received: this.counts.of('bytes in'), sent: this.counts.of('bytes out') },
      chainsSkipped: this.counts.of('chains skipped'),
    };
  }

  /** Accepts no more connections. Resolves when the last one is closed. */
  async stopListening(): Promise<void> {
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  /** Closes all connections with last words. */
  sayGoodbye(lastWords: string): void {
    for (const connection of this.#options.connections) connection.stop(lastWords);
  }

  /** Ends the connections that still exist without waiting for the other sides. */
  cutOff(): void {
    for (const connection of this.#options.connections) connection.cutOff();
    this.#refused.cutOff();
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
    // Where only this machine can connect, the address of the other side is known without a system call.
    const server = createServer(options, (socket) => {
      this.receive(socket, isLoopback(address) ? address : (socket.remoteAddress ?? ''));
    });
    server.maxConnections = this.#options.connectionsMax + limits.evictionsMax + limits.refusalsMax;
    server.on('drop', () => this.#refused.counts.add('dropped'));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        reject(new ListenError(error.code ?? error.message, address, port));
      });
      server.listen({ host: address, port, backlog: nodeLimits.backlog }, resolve);
    });
    // An error from now on is that of a single accept, such as ECONNABORTED. That connection is lost, and the server goes on.
    server.on('error', (error) => this.#options.failed(error));
    this.#servers.push(server);
    const bound = server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : port;
  }

  #serve(socket: ServedSocket, place: Place): void {
    const { connections } = this.#options;
    const connection = this.#options.serve(socket, this.counts);
    connections.add(connection);
    place.occupy(connection);
    socket.on('data', (chunk: Buffer) => connection.receive(chunk));
    socket.on('end', () => connection.finish());
    socket.on('drain', () => connection.drained());
    socket.on('close', () => {
      place.vacate(connection);
      connections.delete(connection);
      this.closeReasons.add(connection.lost(socket.errored !== null));
    });
    connection.greetSoon();
  }

  #refuse(socket: ServedSocket, refusal: Refusal, lastWords: string): void {
    this.counts.add('bytes out', lastWords.length);
    this.#refused.refuse(socket, refusal, lastWords);
  }
}

function ignore(): void {}
