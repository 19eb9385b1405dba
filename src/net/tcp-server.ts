import { createServer, type Server, type Socket } from 'node:net';
import { limits } from '../core/limits.ts';
import * as text from '../protocol/text.ts';
import { Connection, type ConnectionHost, type Ending } from './connection.ts';

export interface TcpServerOptions {
  readonly connectionsMax: number;
  readonly host: ConnectionHost;
  /** Where the connections are kept: everybody who is connected. */
  readonly connections: Set<Connection>;
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

/** The addresses behind a HOST setting: `localhost` is this machine by IPv4 and by IPv6 (SPEC 5). */
export function listenAddresses(host: string): readonly string[] {
  return host === 'localhost' ? ['127.0.0.1', '::1'] : [host];
}

/** Listens on TCP and keeps the connections. */
export class TcpServer {
  readonly #options: TcpServerOptions;
  readonly #servers: Server[] = [];
  readonly #endings = new Map<Ending | 'full', number>();
  readonly #sockets = new Set<Socket>();
  /** Of connections that are closed. */
  readonly #bytes = { received: 0, sent: 0 };
  #refusals = 0;

  constructor(options: TcpServerOptions) {
    this.#options = options;
  }

  /** How many connections have ended in which way. */
  get endings(): ReadonlyMap<Ending | 'full', number> {
    return this.#endings;
  }

  /** How many bytes people have sent and were sent, in all. */
  get bytes(): { readonly received: number; readonly sent: number } {
    let { received, sent } = this.#bytes;
    for (const socket of this.#sockets) {
      received += socket.bytesRead;
      sent += socket.bytesWritten;
    }
    return { received, sent };
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

  /** Takes no more connections; resolves when the last one is closed. */
  async stopListening(): Promise<void> {
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }

  /** Says last words to everybody and closes their connections. */
  sayGoodbye(lastWords: string): void {
    for (const connection of this.#options.connections) connection.stop(lastWords);
  }

  async #listenOn(address: string, port: number): Promise<number> {
    // Without allowHalfOpen every piped client is cut off before its answer: `printf '100\n72\n' | nc -N` has closed its side by then.
    const options = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: limits.keepAliveMs };
    const server = createServer(options, (socket) => this.#accept(socket));
    server.maxConnections = this.#options.connectionsMax + limits.refusalsMax;
    server.on('drop', () => this.#count('full'));
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => {
        reject(new ListenError(error.code ?? error.message, address, port));
      });
      server.listen({ host: address, port, backlog: limits.backlog }, resolve);
    });
    // After this, an error is one of a single accept (ECONNABORTED, say): that connection is lost, the server is not.
    server.on('error', (error) => this.#options.host.failed(error));
    this.#servers.push(server);
    const bound = server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : port;
  }

  #accept(socket: Socket): void {
    const { connections, connectionsMax, host } = this.#options;
    if (connections.size >= connectionsMax) {
      this.#refuse(socket);
      return;
    }
    const connection = new Connection(socket, host);
    connections.add(connection);
    this.#sockets.add(socket);
    // What went wrong is told by 'close', which always follows; without a listener an error would stop the process.
    socket.on('error', ignore);
    socket.on('data', (chunk) => connection.receive(chunk));
    socket.on('end', () => connection.finish());
    socket.on('drain', () => connection.drained());
    socket.on('close', (hadError) => {
      connections.delete(connection);
      this.#sockets.delete(socket);
      this.#bytes.received += socket.bytesRead;
      this.#bytes.sent += socket.bytesWritten;
      this.#count(connection.lost(hadError));
    });
    connection.greet();
  }

  #refuse(socket: Socket): void {
    this.#count('full');
    socket.on('error', ignore);
    if (this.#refusals >= limits.refusalsMax) {
      socket.destroy();
      return;
    }
    this.#refusals += 1;
    const { clock } = this.#options.host;
    const cancel = clock.wakeAt(clock.monotonicMs() + limits.lingerMs, () => socket.destroy());
    socket.on('close', () => {
      cancel();
      this.#refusals -= 1;
    });
    socket.resume();
    socket.end(text.serverIsFull(this.#options.connectionsMax));
  }

  #count(ending: Ending | 'full'): void {
    this.#endings.set(ending, (this.#endings.get(ending) ?? 0) + 1);
  }
}

function isMissing(code: string): boolean {
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT';
}

function ignore(): void {}
