import { expect } from 'vitest';
import { Change } from '../change.ts';
import type { Client } from '../client.ts';
import type { AtEnd } from '../temporary.ts';
import type { ServerProcess } from './server-process.ts';

/** An honest person who proposes in every round, whatever happens around them, and remembers every winner. */
export class Witness {
  readonly #server: ServerProcess;
  readonly #client: Client;
  readonly #heard: string[] = [];
  #unread = '';
  /** It heard something, or was cut off. */
  readonly #change = new Change();

  private constructor(server: ServerProcess, client: Client) {
    this.#server = server;
    this.#client = client;
  }

  /** Joins a server that has drawn nothing in this run yet, until the end of the test or what `atEnd` waits for. */
  static async join(server: ServerProcess, atEnd?: AtEnd): Promise<Witness> {
    const client = server.connect(undefined, atEnd);
    await client.stakes(10);
    const witness = new Witness(server, client);
    client.socket.on('data', (chunk: string) => witness.#onEvent(chunk));
    client.socket.on('close', () => witness.#change.tell());
    client.socket.write('72\n');
    await witness.hears(1);
    return witness;
  }

  /** How many winners were heard so far. */
  get draws(): number {
    return this.#heard.length;
  }

  /** Resolves after so many more draws. */
  async hears(draws: number): Promise<void> {
    const end = this.draws + draws;
    while (this.draws < end) {
      if (this.#client.socket.destroyed) throw new Error(`the witness was cut off: ${this.#client.text.slice(-500)}`);
      await this.#change.next();
    }
  }

  /** Every draw of this run until now was heard exactly once, in order. A draw that never comes ends the test by its timeout. */
  async testifies(): Promise<void> {
    const drawn = [...this.#server.out.matchAll(/([0-9a-f]{8})… wins block \d+\n/g)].map(([, winner]) => winner);
    // The console may be ahead of the wire by what is under way.
    if (this.draws < drawn.length) await this.hears(drawn.length - this.draws);
    const heard = this.#heard.map((winner) => winner.slice(0, 8));
    // … and the wire ahead of the console.
    expect(drawn.length).toBeGreaterThan(0);
    expect(heard.slice(0, drawn.length)).toEqual(drawn);
  }

  #onEvent(chunk: string): void {
    this.#client.text = '';
    this.#unread += chunk;
    const end = this.#unread.lastIndexOf('\n') + 1;
    for (const [, winner = ''] of this.#unread.slice(0, end).matchAll(/^winning validator: ([0-9a-f]{64})$/gm)) {
      this.#heard.push(winner);
      this.#client.socket.write('72\n');
    }
    // Of a chain, only its last piece can become a winner line: the rest need not be kept.
    this.#unread = this.#unread.slice(end).slice(-200);
    this.#change.tell();
  }
}
