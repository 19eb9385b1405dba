import { Duplex } from 'node:stream';
import type { SeatStream } from '../node/sync/seat-network.ts';
import { limits } from './limits.ts';

type WriteCallback = (error: Error | null | undefined) => void;

/** What a server says behind its last words when it stops: the person is to wait for it. No line begins with this byte. */
export const leavingMark = '\0';

/** A person who comes by way of a peer, as a socket: what is written goes out in texts, and the texts that come are what is read. */
export class SeatSocket extends Duplex {
  readonly remoteAddress: string;
  readonly localAddress = undefined;
  readonly localPort = undefined;
  readonly #stream: SeatStream;
  readonly #ending = new AbortController();
  #isReading = false;
  #isLeaving = false;

  /** @param remoteAddress the IP address of the peer: people are counted by it, because what a peer says of them is its own word */
  constructor(stream: SeatStream, remoteAddress: string) {
    super({ allowHalfOpen: true, highWaterMark: limits.socketHighWaterBytes });
    this.#stream = stream;
    this.remoteAddress = remoteAddress;
  }

  /** The server stops: whatever it says last, the person is to wait for it. */
  leave(): void {
    this.#isLeaving = true;
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
    if (this.#isReading) return;
    this.#isReading = true;
    this.#stream.read(this.#ending.signal).then(
      (text) => {
        this.#isReading = false;
        this.push(text === undefined ? null : Buffer.from(text, 'latin1'));
      },
      (error: Error) => this.destroy(error),
    );
  }

  override _write(chunk: Buffer, _: string, done: (error?: Error) => void): void {
    this.#send(chunk).then(() => done(), done);
  }

  override _final(done: (error?: Error) => void): void {
    this.#finish().then(() => done(), done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#stream.abort(error ?? new Error('closed'));
    this.#ending.abort(error ?? undefined);
    done(error);
  }

  async #send(chunk: Buffer): Promise<void> {
    const text = chunk.toString('latin1');
    for (let sent = 0; sent < text.length; sent += limits.seatTextBytesMax)
      await this.#stream.write(text.slice(sent, sent + limits.seatTextBytesMax), this.#ending.signal);
  }

  async #finish(): Promise<void> {
    if (this.#isLeaving) await this.#stream.write(leavingMark, this.#ending.signal);
    await this.#stream.end(this.#ending.signal);
  }
}
