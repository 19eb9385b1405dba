import type { SocketLike } from '../../src/tcp/send-buffer.ts';

/** Above this its buffer says that it needs a 'drain', as sockets do; small, so that chains of a few blocks come to it. */
export const highWaterMarkBytes = 1000;

/** A socket in memory. What is written reaches `received` at once while the reader reads; otherwise it waits until `take`. */
export class SimulatedSocket implements SocketLike {
  received = '';
  isReading = true;
  isPaused = false;
  hasEnded = false;
  isDestroyed = false;
  isReset = false;
  writableNeedDrain = false;
  #buffered = '';

  get writableLength(): number {
    return this.#buffered.length;
  }

  write(data: string | Uint8Array): boolean {
    if (this.hasEnded || this.isDestroyed) throw new Error('written to a socket that was closed');
    this.#buffered += typeof data === 'string' ? data : Buffer.from(data).toString('latin1');
    if (this.isReading) this.#flush(this.#buffered.length);
    if (this.#buffered.length >= highWaterMarkBytes) this.writableNeedDrain = true;
    return !this.writableNeedDrain;
  }

  end(lastWords: string): void {
    this.write(lastWords);
    this.hasEnded = true;
  }

  destroy(): void {
    this.isDestroyed = true;
  }

  resetAndDestroy(): void {
    this.isReset = true;
    this.destroy();
  }

  cork(): void {}

  uncork(): void {}

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  /** The reader takes some of what waits; true when that was all of it and the socket says 'drain'. */
  take(bytes: number): boolean {
    this.#flush(bytes);
    if (this.#buffered.length > 0) return false;
    const saysDrain = this.writableNeedDrain;
    this.writableNeedDrain = false;
    return saysDrain;
  }

  #flush(bytes: number): void {
    this.received += this.#buffered.slice(0, bytes);
    this.#buffered = this.#buffered.slice(bytes);
  }
}
