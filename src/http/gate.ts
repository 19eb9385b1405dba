export interface GateOptions {
  /** How many are inside at a time. */
  readonly insideMax: number;
  /** How many may wait before the gate for a place. */
  readonly waitingMax: number;
}

/** Lets a few in at a time; the others wait in the order in which they came. */
export class Gate {
  readonly #options: GateOptions;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Resolves with the function that gives the place back, once there is a place; resolves with undefined when too many wait already. */
  async enter(): Promise<(() => void) | undefined> {
    if (this.#inside < this.#options.insideMax) this.#inside += 1;
    else if (this.#waiting.length >= this.#options.waitingMax) return undefined;
    // Who leaves hands the place over, so nobody who comes later can take it.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let isInside = true;
    return () => {
      if (isInside) this.#leave();
      isInside = false;
    };
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#inside -= 1;
    else next();
  }
}
