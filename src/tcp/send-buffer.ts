import type { ChainText } from '../node/chain-text.ts';
import type { Count, Counters } from './counters.ts';
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

/** What opens and closes the blocks of a chain. */
const [chainBegin, chainEnd] = ['\n[', ']\n'];

/** Blocks of a chain that are to be sent. */
export interface ChainRange {
  readonly chain: ChainText;
  /** The index of the first of them, and the one behind the last. */
  readonly first: number;
  readonly end: number;
  /** How much is handed to the socket at a time: at least this, in whole blocks. */
  readonly pieceBytes: number;
}

/** What was sent of a chain in one turn. */
export interface SentPiece {
  readonly bytes: number;
  /** The blocks that come next are still read. */
  readonly isWaiting: boolean;
}

/** A chain on its way to one connection: which block is the next, and the prompt that comes after it. */
interface Delivery extends ChainRange {
  readonly prompt: string;
  next: number;
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

  /** Begins to send blocks of a chain, followed by a prompt; false, and nothing happens, when something is not taken yet. */
  beginChain(range: ChainRange, prompt: string): boolean {
    if (!this.canBeginChain) return false;
    this.#delivery = { ...range, prompt, next: range.first };
    return true;
  }

  /**
   * Sends the next piece of the chain, and after the last one what waited behind it. Where the blocks of a piece are still read it sends those before
   * them, and `ready` is called as soon as they are there.
   */
  sendPiece(ready: () => void): SentPiece {
    const delivery = this.#delivery;
    if (delivery === undefined) return { bytes: 0, isWaiting: false };
    this.#socket.cork();
    try {
      const piece = this.#sendBlocks(delivery, ready);
      this.#counters.add('bytes out', piece.bytes);
      if (delivery.next === delivery.end) this.#endChain(delivery.prompt);
      return piece;
    } finally {
      this.#socket.uncork();
    }
  }

  #sendBlocks(delivery: Delivery, ready: () => void): SentPiece {
    const { chain, first, end, pieceBytes } = delivery;
    let bytes = 0;
    while (delivery.next < end && bytes < pieceBytes) {
      const slice = chain.sliceAt(delivery.next, ready);
      if (slice === undefined) return { bytes, isWaiting: true };
      const piece = slice.read(delivery.next, end, pieceBytes - bytes);
      // The first block has no comma before it.
      const isFirst = delivery.next === first;
      if (isFirst) this.#socket.write(chainBegin, 'latin1');
      this.#socket.write(isFirst ? piece.bytes.subarray(1) : piece.bytes);
      bytes += piece.bytes.length + (isFirst ? chainBegin.length - 1 : 0);
      delivery.next = piece.next;
    }
    return { bytes, isWaiting: false };
  }

  #endChain(prompt: string): void {
    const words = chainEnd + prompt + this.#waiting;
    this.#delivery = undefined;
    this.#waiting = '';
    this.#wordsBehindPieceBytes = 0;
    this.#say(words, this.#isEnding);
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
