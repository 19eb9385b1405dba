import { limits } from '../core/limits.ts';
import type { Connection } from './connection.ts';

/**
 * Carries the chain to everybody, a piece at a time and at most `limits.chainBytesPerTurn` between two turns of the event
 * loop, so that megabytes for hundreds of people never keep anybody else waiting.
 */
export class Courier {
  readonly #turn: () => Promise<void>;
  readonly #ready = new Set<Connection>();
  #isRunning = false;

  constructor(turn: () => Promise<void>) {
    this.#turn = turn;
  }

  /** A connection can take its next piece. */
  add(connection: Connection): void {
    this.#ready.add(connection);
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#ready.size > 0) {
      await this.#turn();
      let bytes = 0;
      let count = 0;
      for (const connection of this.#ready) {
        if (bytes >= limits.chainBytesPerTurn || count >= limits.connectionsPerTurn) break;
        // Out first: a connection that wants another piece goes to the back of the line.
        this.#ready.delete(connection);
        bytes += connection.sendPiece();
        count += 1;
      }
    }
    this.#isRunning = false;
  }
}
