import { connect, type Socket } from 'node:net';
import type { Ledger } from './ledger.ts';

export interface PlayerOptions {
  readonly port: number;
  readonly stake: bigint;
  readonly ledger: Ledger;
  /** When to propose after a draw, ms. */
  readonly pauseMs: () => number;
  /** Somebody heard of a winner. */
  readonly hear: (winner: string, nowMs: number) => void;
}

/** An honest person with a stake: proposes in every round, and writes down what they read. */
export class Player {
  readonly #options: PlayerOptions;
  readonly #socket: Socket;
  /** The winners, in the order in which they were heard. */
  readonly heard: string[] = [];
  /** How long the answers to empty lines took, ms. */
  readonly answersMs: number[] = [];
  #unread = '';
  #total = 0n;
  #askedMs: number | undefined;
  #isOver = false;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', (chunk: string) => this.#read(chunk));
    this.#socket.write(`${options.stake}\n72\n`);
  }

  get isConnected(): boolean {
    return !this.#socket.destroyed;
  }

  /** Asks for the prompt, to see how long that takes. */
  ask(): void {
    if (this.#askedMs !== undefined) return;
    this.#askedMs = performance.now();
    this.#socket.write('\n');
  }

  /** Proposes no more, and still listens. */
  rest(): void {
    this.#isOver = true;
  }

  leave(): void {
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#unread += chunk;
    if (this.#askedMs !== undefined && this.#unread.endsWith('\nEnter a new BPM:')) {
      this.answersMs.push(performance.now() - this.#askedMs);
      this.#askedMs = undefined;
    }
    const end = this.#unread.lastIndexOf('\n') + 1;
    for (const line of this.#unread.slice(0, end).split('\n')) this.#take(line);
    this.#unread = this.#unread.slice(end);
  }

  #take(line: string): void {
    const { ledger, stake, hear, pauseMs } = this.#options;
    const candidate = /(?:^|:)Candidate for block (\d+): BPM \d+\.$/.exec(line)?.[1];
    if (candidate !== undefined) ledger.accept(Number(candidate), stake);
    const winner = /^winning validator: ([0-9a-f]{64})$/.exec(line)?.[1];
    if (winner !== undefined) {
      this.heard.push(winner);
      hear(winner, performance.now());
      if (!this.#isOver) setTimeout(() => this.#socket.write('72\n'), pauseMs());
    }
    const total = /^Ticket \d+ of (\d+) was drawn/.exec(line)?.[1];
    if (total !== undefined) this.#total = BigInt(total);
    const won = /^You won block (\d+)\.$/.exec(line)?.[1];
    if (won !== undefined) ledger.win(Number(won), this.#total, stake);
  }
}
