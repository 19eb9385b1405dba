/**
 * Bounds the share of the event loop that the web page takes: so many pieces of work in one turn, in the order of the calls. However many
 * connections want something at the same moment, the lottery has its turn in between.
 */
export class TurnThrottle {
  readonly #yieldToEventLoop: () => Promise<void>;
  readonly #piecesPerTurn: number;
  readonly #waiting: (() => void)[] = [];
  #left: number;
  #isRenewing = false;

  /** @param yieldToEventLoop yields to the event loop: resolves after all other pending work has run */
  constructor(yieldToEventLoop: () => Promise<void>, piecesPerTurn: number) {
    this.#yieldToEventLoop = yieldToEventLoop;
    this.#piecesPerTurn = piecesPerTurn;
    this.#left = piecesPerTurn;
  }

  /** Resolves when the next piece of work may begin. */
  async next(): Promise<void> {
    if (this.#left === 0) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#left -= 1;
    if (!this.#isRenewing) void this.#renew();
  }

  /** Renews the allowance in every turn, until a turn has used none of it. */
  async #renew(): Promise<void> {
    this.#isRenewing = true;
    while (this.#left < this.#piecesPerTurn) {
      await this.#yieldToEventLoop();
      const started = this.#waiting.splice(0, this.#piecesPerTurn);
      this.#left = this.#piecesPerTurn - started.length;
      for (const start of started) start();
    }
    this.#isRenewing = false;
  }
}
