import { EventEmitter } from 'node:events';
import type { MessageSocket } from '../../src/http/play-socket.ts';

/** The WebSocket of a person, in memory: what a browser would be sent, and what its page sends. */
export class BrowserEnd extends EventEmitter implements MessageSocket {
  /** The messages that are whole. */
  readonly messages: string[] = [];
  readonly pongs: string[] = [];
  bufferedAmount = 0;
  isPaused = false;
  /** Our side said that it closes the WebSocket. */
  isClosing = false;
  isGone = false;
  /** The browser takes what is sent. */
  isReading = true;
  #piece = '';
  #untaken: (() => void)[] = [];

  /** What has come of a message that is not whole. */
  get piece(): string {
    return this.#piece;
  }

  /** The page sends a message. */
  says(bytes: string): void {
    this.emit('message', Buffer.from(bytes, 'latin1'));
  }

  /** The page closes the WebSocket, or its network is gone. */
  leaves(): void {
    this.isGone = true;
    this.emit('close');
  }

  /** The browser takes all that waits. */
  read(): void {
    this.isReading = true;
    this.bufferedAmount = 0;
    const taken = this.#untaken;
    this.#untaken = [];
    for (const tell of taken) tell();
  }

  send(data: Buffer, { fin }: { readonly fin: boolean }, taken: () => void = () => undefined): void {
    this.#piece += data.toString('latin1');
    if (fin) {
      this.messages.push(this.#piece);
      this.#piece = '';
    }
    if (this.isReading) {
      taken();
      return;
    }
    this.bufferedAmount += data.length;
    this.#untaken.push(taken);
  }

  pong(data: Buffer): void {
    this.pongs.push(data.toString('latin1'));
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  close(): void {
    this.isClosing = true;
    this.leaves();
  }

  terminate(): void {
    if (!this.isGone) this.leaves();
  }
}
