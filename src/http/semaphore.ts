export interface SemaphoreOptions {
  /** How many callers hold a place at a time. */
  readonly concurrentMax: number;
  /** How many callers may wait for a place. */
  readonly waitingMax: number;
}

/** Bounds the number of concurrent pieces of work. Callers beyond it wait in the order of their arrival. */
export class Semaphore {
  readonly #options: SemaphoreOptions;
  readonly #waiting: (() => void)[] = [];
  #held = 0;

  constructor(options: SemaphoreOptions) {
    this.#options = options;
  }

  /** Resolves with a function that releases the place, once there is one; with undefined when too many callers wait already. */
  async acquire(): Promise<(() => void) | undefined> {
    if (this.#held < this.#options.concurrentMax) this.#held += 1;
    else if (this.#waiting.length >= this.#options.waitingMax) return undefined;
    // A released place passes directly to the first in the queue, so that a later caller cannot take it.
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    let isHeld = true;
    return () => {
      if (isHeld) this.#release();
      isHeld = false;
    };
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#held -= 1;
    else next();
  }
}
