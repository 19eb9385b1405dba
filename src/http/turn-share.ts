/**
 * The page's share of the event loop: so many pieces of work in one turn, in the order in which they were asked for. However many connections
 * want something at the same moment, the lottery has its turn in between.
 */
export class TurnShare {
  readonly #turn: () => Promise<void>;
  readonly #piecesPerTurn: number;
  readonly #waiting: (() => void)[] = [];
  #left: number;
  #isRenewing = false;

  /** `turn` resolves after everything else has had a turn. */
  constructor(turn: () => Promise<void>, piecesPerTurn: number) {
    this.#turn = turn;
    this.#piecesPerTurn = piecesPerTurn;
    this.#left = piecesPerTurn;
  }

  /** Resolves when the next piece of work may be done. */
  async next(): Promise<void> {
    if (this.#left === 0) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#left -= 1;
    if (!this.#isRenewing) void this.#renew();
  }

  /** Gives every turn its share anew, until a turn has used none of it. */
  async #renew(): Promise<void> {
    this.#isRenewing = true;
    while (this.#left < this.#piecesPerTurn) {
      await this.#turn();
      const begun = this.#waiting.splice(0, this.#piecesPerTurn);
      this.#left = this.#piecesPerTurn - begun.length;
      for (const begin of begun) begin();
    }
    this.#isRenewing = false;
  }
}
