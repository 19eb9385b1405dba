import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { limits } from './limits.ts';

interface PendingRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Reads the requests of one connection, and serves one at a time. Data behind a request stays unread, in the socket and then with the sender. Node
 * alone would read 64 KiB at a time and hand over every request in it: at 25 bytes a request these are thousands.
 */
export class RequestReader {
  readonly #socket: Socket;
  readonly #serve: RequestListener;
  readonly #waiting: PendingRequest[] = [];
  /** The request that is being answered. */
  #current: IncomingMessage | undefined;
  /** Bytes that may still come of the last body, where its length was said. At most one piece too many. */
  #bodyBytes = 0;
  #isReleased = false;

  /** `socket` is one that a `http.Server` has just got. `serve` must end every response, or destroy it. */
  constructor(socket: Socket, serve: RequestListener) {
    this.#socket = socket;
    this.#serve = serve;
    // A socket with a 'readable' listener emits to the parser, as 'data', only what is read explicitly.
    socket.on('readable', this.#read);
    socket.on('resume', this.#read);
  }

  /** Reads no more: the connection goes on in another protocol. What is unread is for that one. */
  release(): void {
    this.#isReleased = true;
    this.#socket.off('readable', this.#read);
    this.#socket.off('resume', this.#read);
  }

  /** Queues a parsed request. */
  receive(request: IncomingMessage, response: ServerResponse): void {
    this.#waiting.push({ request, response });
    if (this.#current === undefined) this.#serveNext();
  }

  #serveNext(): void {
    const next = this.#socket.destroyed ? undefined : this.#waiting.shift();
    this.#current = next?.request;
    if (next === undefined) {
      this.#read();
      return;
    }
    this.#bodyBytes = Number(next.request.headers['content-length'] ?? 0);
    next.response.once('close', () => this.#serveNext());
    this.#serve(next.request, next.response);
  }

  readonly #read = (): void => {
    const socket = this.#socket;
    while (this.#wantsMore && socket.readableLength > 0) {
      // No other request begins inside of a body, so that it may be given in one piece.
      const bytes = Math.min(socket.readableLength, Math.max(limits.requestPieceBytes, this.#bodyBytes));
      this.#bodyBytes -= bytes;
      socket.read(bytes);
    }
    // Reading an empty socket lets it notice that the other side has closed.
    if (!this.#isReleased && socket.readableLength === 0) socket.read();
  };

  /** True between two requests, and while the body of the current one is incomplete and being consumed. */
  get #wantsMore(): boolean {
    if (this.#socket.destroyed || this.#isReleased) return false;
    const current = this.#current;
    if (current === undefined) return true;
    return !current.complete && current.readableLength < current.readableHighWaterMark;
  }
}
