import { Duplex } from 'node:stream';
import type { RawData } from 'ws';
import { LF, OPEN_LIST } from '../base/ascii.ts';
import { limits } from './limits.ts';

type WriteCallback = (error?: Error | null) => void;

const lineEnd: Buffer = Buffer.from([LF]);

/** The WebSocket of a person; one of `ws` is one. */
export interface MessageSocket {
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number;
  on(event: 'message', listener: (message: RawData) => void): unknown;
  on(event: 'ping', listener: (data: Buffer) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  send(data: Buffer, options: { readonly binary: boolean; readonly fin: boolean }, taken?: () => void): void;
  pong(data: Buffer): void;
  pause(): void;
  resume(): void;
  close(): void;
  terminate(): void;
}

/** A message, or a piece of one. */
interface Frame {
  readonly text: Buffer;
  /** The message ends with it. */
  readonly isWhole: boolean;
}

/**
 * A person who takes part in a browser, as a socket like that of TCP. Each message that comes is a line. Of what is written each line is a message
 * without its LF, a prompt is one, too, and lines without any text are left out.
 */
export class PlaySocket extends Duplex {
  readonly remoteAddress: string;
  readonly localAddress = undefined;
  readonly localPort = undefined;
  readonly #socket: MessageSocket;
  readonly #hasChain: boolean;
  /** A line that begins with a bracket is the chain: it comes in pieces, and is one message all the same. No prompt begins so. */
  #isInMessage = false;
  #failure: Error | undefined;

  /**
   * @param socket one that has just been opened, and that answers no ping itself
   * @param hasChain whether the chain is sent when everybody gets it
   */
  constructor(socket: MessageSocket, remoteAddress: string, hasChain: boolean = true) {
    super({ allowHalfOpen: true, highWaterMark: limits.playHighWaterBytes });
    this.#socket = socket;
    this.#hasChain = hasChain;
    this.remoteAddress = remoteAddress;
    socket.on('message', (message) => this.#receive(message));
    // An answer to a reader that does not read would wait in our memory, one more for each that comes.
    socket.on('ping', (data) => {
      if (socket.bufferedAmount === 0) socket.pong(data);
    });
    socket.on('error', (error) => {
      this.#failure = error;
    });
    // Who closes a WebSocket hears nothing any more, unlike one who closes one side of a connection of TCP.
    socket.on('close', () => this.destroy(this.#failure));
  }

  /** As of a socket of TCP: nothing that waits is sent. */
  resetAndDestroy(): this {
    return this.destroy();
  }

  /** As of a socket of TCP: what waits is sent first. */
  destroySoon(): void {
    this.end(() => this.destroy());
  }

  override write(chunk: unknown, encoding?: BufferEncoding | WriteCallback, done?: WriteCallback): boolean {
    return typeof encoding === 'string' ? super.write(chunk, encoding, done) : super.write(chunk, encoding ?? done);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _: string, done: WriteCallback): void {
    const frames = [...this.#framesOf(chunk)];
    if (frames.length === 0) done();
    for (const [place, { text, isWhole }] of frames.entries()) {
      // Frames are taken in order. What cannot be sent is lost, and the end of the connection tells of that.
      const taken = place === frames.length - 1 ? (): void => done() : undefined;
      this.#socket.send(text, { binary: false, fin: isWhole }, taken);
    }
  }

  override _final(done: WriteCallback): void {
    this.#socket.close();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.terminate();
    done(error);
  }

  #receive(message: RawData): void {
    const bytes = bytesOf(message);
    const isOpen = this.push(bytes.at(-1) === LF ? bytes : Buffer.concat([bytes, lineEnd]));
    if (!isOpen) this.#socket.pause();
  }

  /** The end or the beginning of a message. What begins is whole, too, where it is a prompt. */
  *#frame(text: Buffer, isEnd: boolean): Generator<Frame> {
    const isChain = this.#isInMessage || text[0] === OPEN_LIST;
    this.#isInMessage = isChain && !isEnd;
    if (!isChain || this.#hasChain) yield { text, isWhole: !this.#isInMessage };
  }

  *#framesOf(chunk: Buffer): Generator<Frame> {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      if (end > start || this.#isInMessage) yield* this.#frame(chunk.subarray(start, end), true);
      this.#isInMessage = false;
      start = end + 1;
    }
    if (start < chunk.length) yield* this.#frame(chunk.subarray(start), false);
  }
}

function bytesOf(message: RawData): Buffer {
  if (message instanceof ArrayBuffer) return Buffer.from(message);
  return Array.isArray(message) ? Buffer.concat(message) : message;
}
