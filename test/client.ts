import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { Change } from './change.ts';
import type { AtEnd } from './temporary.ts';

/** Somebody at a real socket. It waits for words and never for time. */
export class Client {
  readonly socket: Socket;
  /** Resolves when both sides are closed. */
  readonly closed: Promise<void>;
  /** All that was received, latin1. */
  text = '';
  /** Something came, or the connection is closed. */
  readonly #change = new Change();

  /** Hangs up at the end of the test, or of what `atEnd` waits for. */
  constructor(port: number, host = '127.0.0.1', atEnd: AtEnd = onTestFinished) {
    this.socket = connect({ port, host, allowHalfOpen: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (chunk: string) => {
      this.text += chunk;
      this.#change.tell();
    });
    // Said by 'close'.
    this.socket.on('error', () => undefined);
    this.socket.on('end', () => this.socket.end());
    this.closed = new Promise((resolve) => {
      this.socket.on('close', () => {
        resolve();
        this.#change.tell();
      });
    });
    atEnd(() => {
      this.socket.destroy();
    });
  }

  /** Resolves with the match when what was received matches; rejects when the connection is closed before. */
  async sees(words: string | RegExp): Promise<RegExpExecArray> {
    const pattern = typeof words === 'string' ? new RegExp(escaped(words)) : words;
    for (;;) {
      const found = pattern.exec(this.text);
      if (found !== null) return found;
      if (this.socket.destroyed) throw new Error(`closed without ${pattern}: ${JSON.stringify(this.text)}`);
      await this.#change.next();
    }
  }

  /** Types a line and waits for what it is answered. */
  async says(line: string, answer: string | RegExp): Promise<RegExpExecArray> {
    this.socket.write(`${line}\n`);
    return this.sees(answer);
  }

  /** Becomes a validator and returns the address. */
  async stakes(stake: number): Promise<string> {
    await this.sees('Enter token balance:');
    const [, address] = await this.says(
      String(stake),
      /You are validator ([0-9a-f]{64}) with \d+ tokens\.\n(?:To come back .*\n)?\nEnter a new BPM:/,
    );
    if (address === undefined) throw new Error('no address');
    return address;
  }
}

function escaped(words: string): string {
  return words.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
