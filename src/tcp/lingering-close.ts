import type { CloseReason } from './close-reason.ts';
import { limits } from './limits.ts';
import type { SendBuffer, SocketLike } from './send-buffer.ts';

/** Time, as connections use it. */
export interface ConnectionClock {
  monotonicMs(): number;
  /** Calls `wake` once, at or soon after a moment; returns a function that prevents it. */
  wakeAt(monotonicMs: number, wake: () => void): () => void;
}

export interface LingeringCloseOptions {
  readonly socket: SocketLike;
  readonly buffer: SendBuffer;
  readonly clock: ConnectionClock;
  readonly reason: CloseReason;
  readonly lastWords: string;
}

/**
 * The end of a connection that we close: last words are sent, what still comes is discarded, and the socket is reset when the other side
 * has had time to read. Closing a socket that has unread bytes at once would reset it, and the last words would be lost.
 */
export class LingeringClose {
  readonly #socket: SocketLike;
  readonly #buffer: SendBuffer;
  readonly #clock: ConnectionClock;
  #discardedBytes = 0;
  #cancelTimer: () => void = () => undefined;

  /** Sends the last words, closes our side, and begins to wait. */
  constructor({ socket, buffer, clock, reason, lastWords }: LingeringCloseOptions) {
    this.#socket = socket;
    this.#buffer = buffer;
    this.#clock = clock;
    // Both have not read for a while, so a chain on its way would keep the last words from them.
    if (reason === 'slow-reader' || reason === 'made-room') buffer.cut(lastWords);
    else buffer.end(lastWords);
    socket.resume();
    if (reason === 'made-room') this.#setTimer(limits.evictionMs, () => socket.destroy());
    else this.#setTimer(limits.resetDelayMs, () => this.#resetOrWait());
  }

  /** Bytes came in after the last words. Too many are not read any more; the connection stays, so that the other side can read why. */
  discard(chunk: Buffer): void {
    this.#discardedBytes += chunk.length;
    if (this.#discardedBytes > limits.discardedBytesMax) this.#socket.pause();
  }

  /** The socket is gone: nothing is left to wait for. */
  cancel(): void {
    this.#cancelTimer();
  }

  /** Resets a connection that has taken its last words; another one has until `limits.lingerMs` for that. */
  #resetOrWait(): void {
    if (this.#buffer.isDrained && !this.#buffer.isDelivering) this.#socket.resetAndDestroy();
    else this.#setTimer(limits.lingerMs - limits.resetDelayMs, () => this.#socket.resetAndDestroy());
  }

  #setTimer(delayMs: number, wake: () => void): void {
    this.#cancelTimer = this.#clock.wakeAt(this.#clock.monotonicMs() + delayMs, wake);
  }
}
