import { connect, type Socket } from 'node:net';
import { limits as nodeLimits } from '../../node/limits.ts';
import { limits } from './limits.ts';
import { type ServerAddress, shownAddress } from './server-address.ts';
import type { ServerEvent } from './server-event.ts';
import { ServerParser } from './server-parser.ts';

export interface ClientConnectionOptions {
  readonly address: ServerAddress;
  /** Whether chains are parsed or passed over. */
  readonly readsChains: boolean;
  readonly onConnect: () => void;
  readonly onEvent: (event: ServerEvent) => void;
  /** Called once, last. `why` says in a printable clause what broke the connection, undefined when it was closed in order. */
  readonly onClose: (why: string | undefined) => void;
}

/** One connection to a server: bytes in become events, lines go out. */
export class ClientConnection {
  readonly #socket: Socket;

  constructor({ address, readsChains, onConnect, onEvent, onClose }: ClientConnectionOptions) {
    const parser = new ServerParser(readsChains);
    // The sides are closed one at a time: a client that has sent everything still receives the result of the round.
    this.#socket = connect({ ...address, allowHalfOpen: true, noDelay: true, timeout: limits.connectMs });
    let why: string | undefined;
    this.#socket.on('timeout', () => this.#socket.destroy(new Error('no answer')));
    this.#socket.on('connect', () => {
      this.#socket.setTimeout(0);
      this.#socket.setKeepAlive(true, nodeLimits.keepAliveMs);
      onConnect();
    });
    this.#socket.on('data', (chunk) => parser.push(chunk, onEvent));
    this.#socket.on('end', () => {
      parser.finish(onEvent);
      this.#socket.end();
    });
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      why = reason(error, address);
    });
    this.#socket.on('close', () => onClose(why));
  }

  /** Sends a line; false when the server is slow to take it, and `drained` should be awaited. */
  send(line: string): boolean {
    return this.#socket.writable ? this.#socket.write(`${line}\n`) : true;
  }

  /** Resolves when all that was sent has been taken, or never will be. */
  async drained(): Promise<void> {
    if (!this.#socket.writableNeedDrain) return;
    await new Promise<void>((resolve) => {
      this.#socket.once('drain', resolve);
      this.#socket.once('close', () => resolve());
    });
  }

  /** Closes the sending side. */
  finish(): void {
    this.#socket.end();
  }

  /** Receives nothing more until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Closes the connection at once. */
  leave(): void {
    this.#socket.destroy();
  }
}

function reason(error: NodeJS.ErrnoException, address: ServerAddress): string {
  const place = shownAddress(address);
  switch (error.code) {
    case 'ECONNREFUSED':
      return `nobody listens at ${place}. Is the server running (npm start), and is that its port? Another machine's server must have HOST=0.0.0.0`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `no machine with the name ${address.host} was found. Try its address, which the server shows when it starts`;
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EADDRNOTAVAIL':
      return `${place} cannot be reached from here (${error.code}). Are both machines in the same network?`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `the connection to ${place} broke off`;
    case undefined:
    case 'ETIMEDOUT':
      return `${place} does not answer. Is the address right, and does a firewall let the port through?`;
    default:
      return `the connection to ${place} failed (${error.code})`;
  }
}
