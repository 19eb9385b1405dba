import type { Count, Counters } from './counters.ts';
import { chainEnd, type EncodedChain } from './encoded-chain.ts';
import { limits } from './limits.ts';

/** What a connection uses of its socket; a `net.Socket` is one. */
export interface SocketLike {
  readonly writableLength: number;
  readonly writableNeedDrain: boolean;
  /** The address of the other side, our own address and our port; undefined where the connection is simulated. */
  readonly remoteAddress?: string | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  write(data: string | Uint8Array, encoding?: 'latin1'): boolean;
  end(lastWords: string, encoding: 'latin1'): unknown;
  destroy(): unknown;
  resetAndDestroy(): unknown;
  cork(): void;
  uncork(): void;
  pause(): unknown;
  resume(): unknown;
}

/** A chain on its way to one connection: how far it got, and the prompt that comes after it. */
interface Delivery {
  readonly body: EncodedChain;
  readonly end: number;
  /** How much is handed to the socket at a time. */
  readonly pieceBytes: number;
  readonly prompt: string;
  offset: number;
}

/**
 * The sending side of one connection. It never waits and never blocks; what is due is written at once, or behind the chain that is on
 * its way, so nothing is ever written into the middle of another line. What may wait is bounded.
 */
export class SendBuffer {
  readonly #socket: SocketLike;
  readonly #counters: Counters<Count>;
  #delivery: Delivery | undefined;
  /** Words that came after a chain was begun. They are written behind it. */
  #waiting = '';
  /** Bytes of words since the last piece of a chain. The piece may still wait before them, but all connections share it, so it is not counted. */
  #wordsBehindPieceBytes = 0;
  /** Our side is to be closed when the chain that is on its way has been sent. */
  #isEnding = false;

  /** All bytes that are handed to the socket are counted. */
  constructor(socket: SocketLike, counters: Counters<Count>) {
    this.#socket = socket;
    this.#counters = counters;
  }

  get isDelivering(): boolean {
    return this.#delivery !== undefined;
  }

  /** True when all that was written has been taken, so that a chain can begin. */
  get canBeginChain(): boolean {
    return this.#delivery === undefined && this.isDrained;
  }

  /** True while the reader is behind. 'drain', or the end of the chain that is on its way, says when it has caught up. */
  get isCongested(): boolean {
    return this.#socket.writableNeedDrain || this.#waiting.length > limits.repliesWaitingBytesMax;
  }

  /** Words that wait because the reader is behind; the shared pieces of a chain are not counted. */
  get waitingBytes(): number {
    if (this.#delivery !== undefined) return this.#waiting.length;
    return Math.min(this.#socket.writableLength, this.#wordsBehindPieceBytes);
  }

  /** True when the socket has given all that was written to the system. */
  get isDrained(): boolean {
    return this.#socket.writableLength === 0;
  }

  /** Sends words, ASCII; false when more than `limits.pendingBytesMax` wait then and the reader should be disconnected. */
  send(text: string): boolean {
    if (this.#delivery !== undefined) this.#waiting += text;
    else this.#say(text, false);
    return this.waitingBytes <= limits.pendingBytesMax;
  }

  /** Begins to send the first `end` bytes of a chain, followed by a prompt; false, and nothing happens, when something is not taken yet. */
  beginChain(body: EncodedChain, end: number, pieceBytes: number, prompt: string): boolean {
    if (!this.canBeginChain) return false;
    this.#delivery = { body, end, pieceBytes, prompt, offset: 0 };
    return true;
  }

  /** Sends the next piece of the chain, and after the last one what waited behind it. Returns how many bytes of the chain were sent. */
  sendPiece(): number {
    const delivery = this.#delivery;
    if (delivery === undefined) return 0;
    const { body, end, pieceBytes, prompt, offset } = delivery;
    const pieceEnd = Math.min(end, offset + pieceBytes);
    this.#socket.cork();
    while (delivery.offset < pieceEnd) {
      const slice = body.read(delivery.offset, pieceEnd);
      delivery.offset += slice.length;
      this.#socket.write(slice);
    }
    const bytes = pieceEnd - offset;
    this.#counters.add('bytes out', bytes);
    if (pieceEnd === end) {
      const words = chainEnd + prompt + this.#waiting;
      this.#delivery = undefined;
      this.#waiting = '';
      this.#wordsBehindPieceBytes = 0;
      this.#say(words, this.#isEnding);
    }
    this.#socket.uncork();
    return bytes;
  }

  /** Sends last words and closes our side, behind the chain that is on its way. */
  end(lastWords: string): void {
    if (this.#delivery === undefined) {
      this.#say(lastWords, true);
    } else {
      this.#waiting += lastWords;
      this.#isEnding = true;
    }
  }

  /** Drops all that waits, and a chain in the middle of its line; then sends last words and closes our side. */
  cut(lastWords: string): void {
    this.#delivery = undefined;
    this.#waiting = '';
    this.#say(lastWords, true);
  }

  #say(words: string, isLast: boolean): void {
    this.#counters.add('bytes out', words.length);
    this.#wordsBehindPieceBytes += words.length;
    if (isLast) this.#socket.end(words, 'latin1');
    else this.#socket.write(words, 'latin1');
  }
}
