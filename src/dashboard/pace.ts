/** Lets a long computation take turns with everybody else. */
export class Pace {
  readonly #turn: () => Promise<void>;
  readonly #stepsPerTurn: number;
  #steps = 0;

  constructor(turn: () => Promise<void>, stepsPerTurn: number) {
    this.#turn = turn;
    this.#stepsPerTurn = stepsPerTurn;
  }

  /** Counts steps that were taken; returns what to wait for when it is somebody else's turn, and undefined when it is not yet. */
  after(steps: number): Promise<void> | undefined {
    this.#steps += steps;
    if (this.#steps < this.#stepsPerTurn) return undefined;
    this.#steps = 0;
    return this.#turn();
  }
}
