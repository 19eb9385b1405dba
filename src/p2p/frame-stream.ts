import type { Stream } from '@libp2p/interface';
import { PeerError } from '../node/sync/peer-network.ts';
import type { SeatStream } from '../node/sync/seat-network.ts';
import { limits } from './limits.ts';
import { peerFailure } from './peer-failure.ts';

/**
 * Texts over a stream, each behind its length. A frame that is not read yet stays where it is: the stream is paused, and the peer's window fills up.
 * Every error is a PeerError, and is kept: an end that comes before the first read does no harm.
 */
export class FrameStream implements SeatStream {
  readonly #stream: Stream;
  readonly #frameBytesMax: number;
  #unread: Uint8Array = new Uint8Array();
  /** The peer has said that no more frames come. Without that an end is a loss, however orderly the connection was closed. */
  #hasPeerEnded = false;
  #isEnded = false;
  #failure: PeerError | undefined;
  readonly #waiting = new Set<() => void>();

  /** @param frameBytesMax the length of a frame that the peer may send */
  constructor(stream: Stream, frameBytesMax: number) {
    this.#stream = stream;
    this.#frameBytesMax = frameBytesMax;
    stream.maxWriteBufferLength = limits.streamWriteBytesMax;
    stream.addEventListener('message', ({ data }) => {
      this.#unread = Buffer.concat([this.#unread, data.subarray()]);
      if (this.#unread.length >= limits.lengthBytes && stream.readStatus === 'readable') stream.pause();
      this.#wakeAll();
    });
    stream.addEventListener('drain', () => this.#wakeAll());
    stream.addEventListener('remoteCloseWrite', () => {
      this.#hasPeerEnded = true;
    });
    stream.addEventListener('end', () => this.#end());
    stream.addEventListener('close', ({ error }) => {
      if (error !== undefined) this.#failure ??= peerFailure(error);
      if (stream.readBufferLength === 0) this.#end();
      this.#wakeAll();
    });
    // The peer may have broken it off while it was opened, which no event tells any more.
    if (stream.status === 'reset' || stream.status === 'aborted') this.#end();
  }

  /** The next frame; undefined after the last one. Throws a PeerError where the stream was broken off, the frame is too long, or the signal comes. */
  async read(signal: AbortSignal): Promise<string | undefined> {
    const length = await this.#take(limits.lengthBytes, signal);
    if (length === undefined) return undefined;
    const bytes = Buffer.from(length).readUInt32BE();
    if (bytes === 0 || bytes > this.#frameBytesMax) throw new PeerError(`a frame of ${bytes} bytes`, true);
    const frame = await this.#take(bytes, signal);
    if (frame === undefined) throw new PeerError('a frame without an end', false);
    return Buffer.from(frame).toString('utf8');
  }

  /** Writes a frame, and waits until the peer has room for the next. Throws a PeerError. */
  async write(text: string, signal: AbortSignal): Promise<void> {
    const frame = Buffer.from(text, 'utf8');
    const length = Buffer.alloc(limits.lengthBytes);
    length.writeUInt32BE(frame.length);
    try {
      signal.throwIfAborted();
      this.#stream.send(Buffer.concat([length, frame]));
      // The library's own promise of this resolves once, and then for ever.
      while (this.#stream.writableNeedsDrain && this.#stream.writeStatus === 'writable') {
        await this.#change(signal);
        signal.throwIfAborted();
      }
      if (this.#failure !== undefined) throw this.#failure;
    } catch (error) {
      throw this.#failure ?? peerFailure(error);
    }
  }

  /** Says that no more frames come. */
  async end(signal: AbortSignal): Promise<void> {
    try {
      await this.#stream.close({ signal });
    } catch (error) {
      throw this.#failure ?? peerFailure(error);
    }
  }

  /** Breaks the stream off, which the peer sees. Nothing happens where it is over. */
  abort(reason: Error): void {
    this.#failure ??= peerFailure(reason);
    this.#stream.abort(reason);
    this.#wakeAll();
  }

  /** So many bytes; undefined at the end. */
  async #take(bytes: number, signal: AbortSignal): Promise<Uint8Array | undefined> {
    while (this.#unread.length < bytes) {
      if (this.#failure !== undefined) throw this.#failure;
      if (signal.aborted) throw peerFailure(signal.reason);
      if (this.#isEnded && this.#unread.length === 0) return undefined;
      if (this.#isEnded) throw new PeerError('a frame without an end', false);
      if (this.#stream.readStatus === 'paused') this.#resume();
      else await this.#change(signal);
    }
    const taken = this.#unread.subarray(0, bytes);
    this.#unread = this.#unread.subarray(bytes);
    return taken;
  }

  /** The peer is told that there is room again, which the library refuses where the connection is gone by now. */
  #resume(): void {
    try {
      this.#stream.resume();
    } catch (error) {
      throw this.#failure ?? peerFailure(error);
    }
  }

  /** Until something happens on the stream, or the signal comes. */
  async #change(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        signal.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      signal.addEventListener('abort', wake, { once: true });
      this.#waiting.add(wake);
    });
  }

  /** Nothing more can be read. */
  #end(): void {
    this.#isEnded = true;
    if (!this.#hasPeerEnded) this.#failure ??= new PeerError('the connection was lost', false);
    this.#wakeAll();
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
