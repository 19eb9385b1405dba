import { createServer, type RequestListener, type Server } from 'node:http';
import { limits } from '../core/limits.ts';

/** Serves HTTP on some addresses, all on the same port. */
export class WebServer {
  readonly #listener: RequestListener;
  readonly #connectionsMax: number;
  readonly #servers: Server[] = [];

  constructor(listener: RequestListener, connectionsMax: number) {
    this.#listener = listener;
    this.#connectionsMax = connectionsMax;
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
    server.maxConnections = this.#connectionsMax;
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
