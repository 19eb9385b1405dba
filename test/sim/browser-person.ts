import { PlaySocket } from '../../src/http/play-socket.ts';
import type { CloseReason } from '../../src/tcp/close-reason.ts';
import { Connection, type ConnectionHost } from '../../src/tcp/connection.ts';
import { BrowserEnd } from '../http/browser-end.ts';

/** Somebody in a browser, whose WebSocket is simulated. */
export class BrowserPerson {
  readonly browser: BrowserEnd = new BrowserEnd();
  readonly connection: Connection;
  closeReason: CloseReason | undefined;

  constructor(host: ConnectionHost, gone: (connection: Connection) => void) {
    const socket = new PlaySocket(this.browser, '192.0.2.1');
    const connection = new Connection(socket, host);
    this.connection = connection;
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => connection.receive(chunk));
    socket.on('drain', () => connection.drained());
    socket.on('close', () => {
      this.closeReason = connection.lost(socket.errored !== null);
      gone(connection);
    });
  }

  /** All that this person has seen so far. */
  get seen(): string {
    return this.browser.messages.join('');
  }

  /** Sends whole lines, latin1, each as a message. */
  type(text: string): void {
    for (const line of text.split('\n').slice(0, -1)) this.browser.says(line);
  }

  /** A WebSocket carries what it can by itself. */
  flow(): void {}

  /** Closes the WebSocket. */
  closeSide(): void {
    this.browser.leaves();
  }

  /** The connection breaks. */
  reset(): void {
    this.browser.leaves();
  }
}
