import { createServer, type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { limits as nodeLimits } from '../node/limits.ts';
import { limits } from './limits.ts';
import { plainHead, wantsWebSocket } from './plain-request.ts';
import { RequestReader } from './request-reader.ts';
import type { WebCounters } from './web-counters.ts';

/** Bounds the connections of each subnet. */
export interface ConnectionLimiter {
  /** Counts a connection from an address and returns a function that uncounts it; undefined when its subnet has all it may have. */
  enter(address: string): (() => void) | undefined;
}

export interface WebServerOptions {
  readonly connectionsMax: number;
  readonly connectionLimiter: ConnectionLimiter;
  readonly counters: WebCounters;
}

/** Serves HTTP on several addresses, all with the same port. */
export class WebServer {
  readonly #listener: RequestListener;
  readonly #options: WebServerOptions;
  readonly #servers: Server[] = [];

  constructor(listener: RequestListener, options: WebServerOptions) {
    this.#listener = listener;
    this.#options = options;
  }

  /** Listens and returns the port; 0 takes any that is free on the first address. Rejects with the system's error, and then listens nowhere. */
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

  /** Stops listening, and closes the connections in the next turn: Node sends what was written to a response only after the current turn. */
  close(): void {
    for (const server of this.#servers) {
      server.close();
      setImmediate(() => server.closeAllConnections());
    }
  }

  async #listenOn(host: string, port: number): Promise<number> {
    const { connectionsMax, counters } = this.#options;
    const server = createServer({
      headersTimeout: limits.httpHeadersMs,
      requestTimeout: limits.httpRequestMs,
      keepAliveTimeout: limits.httpKeepAliveMs,
      noDelay: true,
      // The listener refuses requests without Host. An answer that Node gives by itself would escape the RequestReader.
      requireHostHeader: false,
    });
    server.maxConnections = connectionsMax;
    server.on('drop', () => counters.add('full'));
    const readers = new WeakMap<Socket, RequestReader>();
    server.on('connection', (socket) => this.#accept(socket, readers));
    const receive = (request: IncomingMessage, response: ServerResponse): void => {
      readers.get(request.socket)?.receive(request, response);
    };
    server.on('request', receive);
    server.on('checkExpectation', receive);
    // The reader of a body says whether it is to be sent.
    server.on('checkContinue', receive);
    server.on('upgrade', (request, _, head) => {
      const { socket } = request;
      readers.get(socket)?.release();
      if (wantsWebSocket(request)) {
        this.#takeOver(request, head);
      } else {
        socket.unshift(Buffer.concat([plainHead(request), head]));
        // By then the socket knows that its former reader is gone.
        process.nextTick(() => server.emit('connection', socket));
      }
    });
    server.timeout = limits.httpIdleMs;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host, port, backlog: nodeLimits.backlog }, resolve);
    });
    // From here on an error concerns a single accept.
    server.on('error', () => undefined);
    this.#servers.push(server);
    const bound = server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : port;
  }

  /**
   * Serves a request for a WebSocket, whose connection Node has let go of. The listener may go on with the connection itself, or answer as
   * always, and then the connection ends.
   */
  #takeOver(request: IncomingMessage, head: Buffer): void {
    const { socket } = request;
    socket.on('error', () => undefined);
    if (head.length > 0) socket.unshift(head);
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.on('finish', () => socket.destroySoon());
    this.#listener(request, response);
  }

  #accept(socket: Socket, readers: WeakMap<Socket, RequestReader>): void {
    const { connectionLimiter, counters } = this.#options;
    // It is here already, and begins anew with a request that had asked for another protocol.
    if (readers.has(socket)) {
      readers.set(socket, new RequestReader(socket, this.#listener));
      return;
    }
    const leave = connectionLimiter.enter(socket.remoteAddress ?? '');
    if (leave === undefined) {
      counters.add('address-full');
      socket.destroy();
      return;
    }
    readers.set(socket, new RequestReader(socket, this.#listener));
    socket.once('close', () => {
      leave();
      counters.closed(socket);
    });
  }
}
