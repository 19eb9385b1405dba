/** Runs a piece of work on request, one run at a time. Any number of requests during a run cause one more run after it. */
export class Refresher {
  readonly #work: () => Promise<void>;
  #isBusy = false;
  #isOutdated = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Rejects when the work does; the next call starts anew. During another call's run it resolves at once. */
  async refresh(): Promise<void> {
    this.#isOutdated = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#isOutdated) {
        this.#isOutdated = false;
        await this.#work();
      }
    } finally {
      this.#isBusy = false;
    }
  }
}
