import type { SocketLike } from '../../tcp/send-buffer.ts';

/** What becomes of what a server does at its end of a wire. */
export interface WireEnd {
  /** Text came, latin1. */
  hear(text: string): void;
  /** The server reads again. */
  resumed(): void;
  /** The server has closed the connection. */
  closed(): void;
}

/** A connection in memory, whose other end always reads at once. */
export class Wire implements SocketLike {
  readonly writableLength = 0;
  readonly writableNeedDrain = false;
  readonly #end: WireEnd;
  isPaused = false;

  constructor(end: WireEnd) {
    this.#end = end;
  }

  write(data: string | Uint8Array): boolean {
    this.#end.hear(typeof data === 'string' ? data : Buffer.from(data).toString('latin1'));
    return true;
  }

  end(lastWords: string): void {
    this.#end.hear(lastWords);
    this.#end.closed();
  }

  destroy(): void {
    this.#end.closed();
  }

  resetAndDestroy(): void {
    this.#end.closed();
  }

  cork(): void {
    // Nothing is sent in packets.
  }

  uncork(): void {
    // As above.
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.#end.resumed();
  }
}
