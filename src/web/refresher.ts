/** Does a piece of work whenever it is asked to, one run at a time: whoever asks during a run gets one more after it, however many ask. */
export class Refresher {
  readonly #work: () => Promise<void>;
  #isBusy = false;
  #isOutdated = false;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /** Rejects when the work does; the next one who asks begins anew. During another's run there is nothing to wait for. */
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
