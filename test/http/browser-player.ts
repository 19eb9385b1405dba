import type { IncomingMessage } from 'node:http';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { Change } from '../change.ts';

/** How a browser connects. */
export interface PlayerOptions {
  readonly host?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Somebody who takes part by way of /api/play, over a real socket. It waits for words and never for time. */
export class BrowserPlayer {
  readonly socket: WebSocket;
  /** Resolves with the code of the end when the WebSocket is closed. */
  readonly closed: Promise<number>;
  /** Resolves with the status of the answer when the server opens no WebSocket. */
  readonly refused: Promise<number>;
  readonly messages: string[] = [];
  readonly #change = new Change();
  #isClosed = false;

  constructor(port: number, { host = '127.0.0.1', path = '/api/play', headers = {} }: PlayerOptions = {}) {
    this.socket = new WebSocket(`ws://${host}:${port}${path}`, { headers });
    this.socket.on('message', (data) => {
      this.messages.push(String(data));
      this.#change.tell();
    });
    // Said by 'close'.
    this.socket.on('error', () => undefined);
    this.refused = new Promise((resolve) => {
      this.socket.on('unexpected-response', (_, response: IncomingMessage) => {
        resolve(response.statusCode ?? 0);
        this.socket.terminate();
      });
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', (code) => {
        this.#isClosed = true;
        resolve(code);
        this.#change.tell();
      });
    });
    onTestFinished(() => this.socket.terminate());
  }

  /** Resolves with the first message that matches and that was not seen before. */
  async sees(pattern: string | RegExp): Promise<RegExpExecArray> {
    const whole = typeof pattern === 'string' ? new RegExp(`^${escaped(pattern)}$`, 'g') : new RegExp(pattern, 'g');
    for (;;) {
      for (const [place, message] of this.messages.entries()) {
        const [found] = message.matchAll(whole);
        if (found === undefined) continue;
        this.messages.splice(0, place + 1);
        return found;
      }
      if (this.#isClosed) throw new Error(`closed without ${pattern}: ${JSON.stringify(this.messages)}`);
      await this.#change.next();
    }
  }

  /** Sends a line. */
  says(line: string): void {
    this.socket.send(line);
  }

  /** Becomes a validator and returns the address. */
  async stakes(stake: number): Promise<string> {
    await this.sees('Enter token balance:');
    this.says(String(stake));
    const [, address = ''] = await this.sees(/^You are validator ([0-9a-f]{64}) with \d+ tokens\.$/);
    await this.sees('Enter a new BPM:');
    return address;
  }
}

function escaped(words: string): string {
  return words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
