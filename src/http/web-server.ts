import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { limits as nodeLimits } from '../node/limits.ts';
import { limits } from './limits.ts';
import { RequestReader } from './request-reader.ts';
import type { WebCounts } from './web-counts.ts';

/** Who has how many connections from where. */
export interface Neighbourhood {
  /** Takes a place for an address and returns what gives it back; undefined when the address has all its places. */
  enter(address: string): (() => void) | undefined;
}

export interface WebServerOptions {
  readonly connectionsMax: number;
  readonly neighbours: Neighbourhood;
  readonly counts: WebCounts;
}

/** Serves HTTP on some addresses, all on the same port. */
export class WebServer {
  readonly #listener: RequestListener;
  readonly #options: WebServerOptions;
  readonly #servers: Server[] = [];

  constructor(listener: RequestListener, options: WebServerOptions) {
    this.#listener = listener;
    this.#options = options;
  }

  /** Listens and returns the port; 0 takes any that is free on the first address. Rejects with the system's error, and listens nowhere then. */
  async listen(addresses: readonly string[], port: number): Promise<number> {
    let boundPort = port;
    try {
      for (const address of addresses) boundPort = await this.#listenOn(address, boundPort);
    } catch (error) {
      this.close();
      throw error;
    }
    return boundPort;
  }

  /** Stops in the next turn, when what was written has left: Node holds back what is written to a response until this one is over. */
  close(): void {
    for (const server of this.#servers) {
      server.close();
      setImmediate(() => server.closeAllConnections());
    }
  }

  async #listenOn(host: string, port: number): Promise<number> {
    const { connectionsMax, counts } = this.#options;
    const server = createServer({
      headersTimeout: limits.httpHeadersMs,
      requestTimeout: limits.httpRequestMs,
      keepAliveTimeout: limits.httpKeepAliveMs,
      noDelay: true,
      // The listener refuses those: what Node answers by itself, the reader does not know of.
      requireHostHeader: false,
    });
    server.maxConnections = connectionsMax;
    server.on('drop', () => counts.add('full'));
    const readers = new WeakMap<Socket, RequestReader>();
    server.on('connection', (socket) => this.#take(socket, readers));
    const receive = (request: IncomingMessage, response: ServerResponse): void => {
      readers.get(request.socket)?.receive(request, response);
    };
    server.on('request', receive);
    server.on('checkExpectation', receive);
    server.timeout = limits.httpIdleMs;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, backlog: nodeLimits.backlog }, resolve);
    });
    // After this, an error is one of a single accept.
    server.on('error', () => undefined);
    this.#servers.push(server);
    const bound = server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : port;
  }

  #take(socket: Socket, readers: WeakMap<Socket, RequestReader>): void {
    const { neighbours, counts } = this.#options;
    const leave = neighbours.enter(socket.remoteAddress ?? '');
    if (leave === undefined) {
      counts.add('address-full');
      socket.destroy();
      return;
    }
    readers.set(socket, new RequestReader(socket, this.#listener));
    socket.once('close', () => {
      leave();
      counts.closed(socket);
    });
  }
}
