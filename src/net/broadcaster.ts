import { limits } from '../core/limits.ts';
import type { LotteryEvent } from '../engine/ports.ts';
import { diskIsFull } from '../protocol/text.ts';
import { ChainBody } from './chain-body.ts';
import type { Connection } from './connection.ts';

/** In what portions the chain goes out. */
export interface ChainPortions {
  /** All connections share the chain in slices of this size. */
  readonly sliceBytes: number;
  /** What a connection is handed at a time. */
  readonly pieceBytes: number;
}

/** The portions that are good for real sockets. */
export const socketPortions: ChainPortions = {
  sliceBytes: limits.chainSliceBytes,
  pieceBytes: limits.chainPieceBytes,
};

/**
 * Tells every connection what everybody is told. It waits for nobody: each broadcast goes to the connections that exist when
 * its turn comes, `limits.connectionsPerTurn` of them between two turns of the event loop, one broadcast after the other.
 */
export class Broadcaster {
  readonly #connections: Iterable<Connection>;
  readonly #turn: () => Promise<void>;
  readonly #portions: ChainPortions;
  readonly #body: ChainBody;
  #last: Promise<void> = Promise.resolve();

  constructor(connections: Iterable<Connection>, turn: () => Promise<void>, portions: ChainPortions) {
    this.#connections = connections;
    this.#turn = turn;
    this.#portions = portions;
    this.#body = new ChainBody(portions.sliceBytes);
  }

  /** The chain as everybody is sent it. */
  get chain(): ChainBody {
    return this.#body;
  }

  /** Announces draws, keeps the chain's text as it grows, and begins to send it to whoever has taken the last one. */
  hear(event: LotteryEvent): void {
    switch (event.kind) {
      case 'loaded':
        this.#body.append(event.text);
        return;
      case 'drawn':
        this.#body.append(event.text);
        this.#toEverybody((connection) => connection.announce(event.round, event.block, event.pool));
        this.#last = this.#last.then(() => this.#relieve());
        return;
      case 'empty':
        this.#toEverybody((connection) => connection.endRound(event.round));
        return;
      case 'disk-full':
        this.#toEverybody((connection) => connection.tell(diskIsFull()));
        return;
      case 'chain-due':
        // However long the chain is: to each connection this is the length up to which it will be sent.
        this.#toEverybody((connection) => connection.offerChain(this.#body, this.#portions.pieceBytes));
        return;
      default:
        return;
    }
  }

  /** Resolves when everything that was to be told before has been handed to the sockets. */
  async settled(): Promise<void> {
    await this.#last;
  }

  /** When more words wait for all together than there is room for, those who are furthest behind are given up until half of it is free. */
  #relieve(): void {
    let bytesOfAll = 0;
    for (const { waitingBytes } of this.#connections) bytesOfAll += waitingBytes;
    if (bytesOfAll <= limits.pendingBytesOfAllMax) return;
    const waiting = [...this.#connections].map((connection) => ({ connection, bytes: connection.waitingBytes }));
    for (const { connection, bytes } of waiting.sort((one, other) => other.bytes - one.bytes)) {
      if (bytesOfAll <= limits.pendingBytesOfAllMax / 2) return;
      connection.giveUp();
      bytesOfAll -= bytes;
    }
  }

  #toEverybody(tell: (connection: Connection) => void): void {
    this.#last = this.#last.then(async () => {
      const everybody = [...this.#connections];
      let count = 0;
      for (const connection of everybody) {
        tell(connection);
        count += 1;
        if (count % limits.connectionsPerTurn === 0) await this.#turn();
      }
    });
  }
}
