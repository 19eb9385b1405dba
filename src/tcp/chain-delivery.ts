import type { ChainText } from '../node/chain-text.ts';
import type { Count, Counters } from './counters.ts';
import type { ChainRange, SendBuffer, SentPiece } from './send-buffer.ts';

/** A chain as long as it is now, or so many of its newest blocks. */
interface Offer extends Omit<ChainRange, 'first'> {
  readonly tail: number | undefined;
}

/** The chain on its way to one connection: offered, then begun when the connection's turn comes, then sent piece by piece. */
export class ChainDelivery {
  readonly #buffer: SendBuffer;
  readonly #counters: Counters<Count>;
  /** A chain that waits for the connection's turn. */
  #offer: Offer | undefined;
  #hasFinishedOne = false;

  /** Chains that were sent whole and chains that were skipped are counted. */
  constructor(buffer: SendBuffer, counters: Counters<Count>) {
    this.#buffer = buffer;
    this.#counters = counters;
  }

  /** True when the connection has taken a whole chain before. */
  get hasFinishedOne(): boolean {
    return this.#hasFinishedOne;
  }

  /** Offers the chain as long as it is now, or its newest `tail` blocks. False, and the chain is skipped, while the last one or something else is not taken yet. */
  offer(chain: ChainText, tail: number | undefined, pieceBytes: number): boolean {
    if (this.#offer !== undefined || !this.#buffer.canBeginChain) {
      this.#counters.add('chains skipped');
      return false;
    }
    this.#offer = { chain, end: chain.count, tail, pieceBytes };
    return true;
  }

  /** Lengthens a chain that still waits to what it is now: it must not be older than what the person has been told. */
  renewOffer(): void {
    if (this.#offer !== undefined) this.#offer = { ...this.#offer, end: this.#offer.chain.count };
  }

  /** A chain that still waits is not sent any more. */
  withdrawOffer(): void {
    this.#offer = undefined;
  }

  /** Begins the chain that waits, if there is one. `prompt` comes after it. */
  begin(prompt: string): void {
    if (this.#offer === undefined) return;
    const { chain, end, tail, pieceBytes } = this.#offer;
    this.#offer = undefined;
    const first = tail === undefined ? 0 : Math.max(0, end - tail);
    if (!this.#buffer.beginChain({ chain, first, end, pieceBytes }, prompt)) this.#counters.add('chains skipped');
  }

  /**
   * Sends the next piece of the chain that was begun. Returns its bytes, whether it was the last one, and whether the next one is still read.
   * @param ready called when the blocks that come next are read, where they are not yet
   */
  sendPiece(ready: () => void): SentPiece & { readonly isLast: boolean } {
    const wasDelivering = this.#buffer.isDelivering;
    const piece = this.#buffer.sendPiece(ready);
    const isLast = wasDelivering && !this.#buffer.isDelivering;
    if (isLast) {
      this.#hasFinishedOne = true;
      this.#counters.add('chains sent');
    }
    return { ...piece, isLast };
  }
}
