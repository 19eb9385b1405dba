import type { Receipts } from '../consensus/engine.ts';
import type { DrawnBlock, SealedBlock } from '../core/block.ts';
import { type BlockTexts, ChainText } from '../node/chain-text.ts';
import type { LedgerNewsByKey } from '../node/ledger-news.ts';
import type { Connection } from './connection.ts';
import type { SearchedBlock } from './conversation.ts';
import { limits } from './limits.ts';

/** In what portions the chain goes out. */
export interface ChainPortions {
  /** The chain is read in slices of so many blocks, which all connections share, and so much of it is kept in memory. */
  readonly blocksPerSlice: number;
  readonly keptBytesMax: number;
  /** What a connection is handed at a time. */
  readonly pieceBytes: number;
}

/** The portions that are good for real sockets. */
export const socketPortions: ChainPortions = {
  blocksPerSlice: limits.chainBlocksPerSlice,
  keptBytesMax: limits.chainKeptBytesMax,
  pieceBytes: limits.chainPieceBytes,
};

export interface BroadcasterOptions {
  readonly connections: Iterable<Connection>;
  readonly yieldToEventLoop: () => Promise<void>;
  readonly portions: ChainPortions;
  /** Has the blocks that the chain is sent from. */
  readonly store: BlockTexts;
}

/**
 * Tells every connection what everybody is told. It never waits: each broadcast goes to the connections that exist when
 * its turn comes, `limits.connectionsPerTurn` of them between two turns of the event loop, one broadcast after the other.
 */
export class Broadcaster {
  readonly #connections: Iterable<Connection>;
  readonly #yieldToEventLoop: () => Promise<void>;
  readonly #portions: ChainPortions;
  #chain: ChainText;
  /** Blocks that were not drawn and whose announcement waits for its turn. */
  readonly #unannounced: SealedBlock[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor({ connections, yieldToEventLoop, portions, store }: BroadcasterOptions) {
    this.#connections = connections;
    this.#yieldToEventLoop = yieldToEventLoop;
    this.#portions = portions;
    this.#chain = new ChainText({ ...portions, store });
  }

  /** The chain as everybody is sent it. */
  get chain(): ChainText {
    return this.#chain;
  }

  /** Block `index`, which is stored, is the last one of the chain now. */
  lengthenChain(index: number): void {
    this.#chain.lengthen(index);
  }

  /** Removes the last blocks of the chain, because they fell out of it, and tells everybody; those whose blocks they are hear that, too. */
  removeBlocks(blocks: readonly SealedBlock[], added: number): void {
    this.#chain = this.#chain.without(blocks.map((block) => JSON.stringify(block)));
    this.#toEverybody((connection) => connection.tellRemoved(blocks, added));
  }

  /** Announces a draw. */
  announce(round: number | undefined, block: DrawnBlock, receipts: Receipts): void {
    this.#toEverybody((connection) => connection.announce(round, block, receipts));
    this.#last = this.#last.then(() => this.#relieve());
  }

  /** Tells the validator whose block was made without a draw. `round` ends with it. */
  tellOwner(round: number | undefined, block: SealedBlock): void {
    this.#toEverybody((connection) => connection.tellOwner(round, block));
  }

  /** Tells the validator of a candidate that its block is searched for. */
  tellSearch(search: SearchedBlock): void {
    this.#toEverybody((connection) => connection.tellSearch(search));
  }

  /** Announces a block that was not drawn. Those that come before its turn are told together. */
  announceBlock(block: SealedBlock): void {
    this.#unannounced.push(block);
    if (this.#unannounced.length > 1) return;
    let blocks: readonly SealedBlock[] | undefined;
    this.#toEverybody((connection) => {
      blocks ??= this.#unannounced.splice(0);
      connection.announceBlocks(blocks);
    });
    this.#last = this.#last.then(() => {
      if (blocks === undefined) this.#unannounced.length = 0;
      this.#relieve();
    });
  }

  /** Tells the holders of accounts what they are to hear of the ledger. */
  tellLedger(news: LedgerNewsByKey): void {
    this.#toEverybody((connection) => connection.tellLedger(news));
  }

  /** A round is over without a candidate. */
  endRound(round: number): void {
    this.#toEverybody((connection) => connection.endRound(round));
  }

  /** Tells something, and the prompt again. */
  tell(words: string): void {
    this.#toEverybody((connection) => connection.tell(words));
  }

  /** Begins to send the chain to those who have taken the last one: as long as it is when its turn comes. One that cannot be read is sent to nobody. */
  offerChain(): void {
    this.#toEverybody((connection) => {
      if (!this.#chain.hasFailed) connection.offerChain(this.#chain, this.#portions.pieceBytes);
    });
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
      connection.disconnectSlowConsumer();
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
        if (count % limits.connectionsPerTurn === 0) await this.#yieldToEventLoop();
      }
    });
  }
}
