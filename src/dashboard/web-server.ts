import { createServer, type RequestListener, type Server } from 'node:http';
import { limits } from '../core/limits.ts';

/** Who has how many connections from where. */
export interface Neighbourhood {
  /** Takes a place for an address and returns what gives it back; undefined when the address has all its places. */
  enter(address: string): (() => void) | undefined;
}

export interface WebServerOptions {
  readonly connectionsMax: number;
  readonly neighbours: Neighbourhood;
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

  /** Stops at once: whoever watches comes back by itself. */
  close(): void {
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  async #listenOn(host: string, port: number): Promise<number> {
    const server = createServer(
      {
        headersTimeout: limits.httpHeadersMs,
        requestTimeout: limits.httpRequestMs,
        keepAliveTimeout: limits.httpKeepAliveMs,
        noDelay: true,
      },
      this.#listener,
    );
    server.maxConnections = this.#options.connectionsMax;
    server.on('connection', (socket) => {
      const leave = this.#options.neighbours.enter(socket.remoteAddress ?? '');
      if (leave === undefined) socket.destroy();
      else socket.once('close', leave);
    });
    server.timeout = limits.httpIdleMs;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, backlog: limits.backlog }, resolve);
    });
    // After this, an error is one of a single accept.
    server.on('error', () => undefined);
    this.#servers.push(server);
    const bound = server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : port;
  }
}
