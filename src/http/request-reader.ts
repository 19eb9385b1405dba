import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { limits } from './limits.ts';

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Reads the requests of one connection, and has one answered at a time. What is sent behind a request waits unread, in the socket and then
 * with the sender. Node alone reads 64 KiB at a time and hands over every request in it: with 25 bytes a request these are thousands.
 */
export class RequestReader {
  readonly #socket: Socket;
  readonly #serve: RequestListener;
  readonly #waiting: Asked[] = [];
  /** The request that is being answered. */
  #current: IncomingMessage | undefined;

  /** `socket` is one that a `http.Server` has just got. `serve` must end every response, or destroy it. */
  constructor(socket: Socket, serve: RequestListener) {
    this.#socket = socket;
    this.#serve = serve;
    // Where 'readable' is listened to, a socket hands out, as 'data' to the parser, what is read and no more.
    socket.on('readable', () => this.#read());
    socket.on('resume', () => this.#read());
  }

  /** Takes a request that was parsed. */
  receive(request: IncomingMessage, response: ServerResponse): void {
    this.#waiting.push({ request, response });
    if (this.#current === undefined) this.#serveNext();
  }

  #serveNext(): void {
    const asked = this.#socket.destroyed ? undefined : this.#waiting.shift();
    this.#current = asked?.request;
    if (asked === undefined) {
      this.#read();
      return;
    }
    asked.response.once('close', () => this.#serveNext());
    this.#serve(asked.request, asked.response);
  }

  #read(): void {
    const socket = this.#socket;
    while (this.#wantsMore && socket.readableLength > 0) {
      socket.read(Math.min(socket.readableLength, limits.requestPieceBytes));
    }
    // With nothing left in it, a socket finds out whether the other side has gone.
    if (socket.readableLength === 0) socket.read();
  }

  /** True between two requests, and while the body of one is still to come and taken. */
  get #wantsMore(): boolean {
    if (this.#socket.destroyed) return false;
    const current = this.#current;
    if (current === undefined) return true;
    return !current.complete && current.readableLength < current.readableHighWaterMark;
  }
}
