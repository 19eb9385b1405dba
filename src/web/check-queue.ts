/** Blocks that are to be checked, one after the other. One that cannot be had is tried again when the queue runs the next time. */
export class CheckQueue {
  readonly #check: (index: number) => Promise<void>;
  #due: readonly number[] = [];
  #isRunning = false;

  /** @param check rejects where a block cannot be had now */
  constructor(check: (index: number) => Promise<void>) {
    this.#check = check;
  }

  /** Adds a block, unless it waits already. */
  add(index: number): void {
    if (!this.#due.includes(index)) this.#due = [...this.#due, index];
  }

  /** Checks what waits. It never rejects. */
  async run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      for (let [next] = this.#due; next !== undefined; [next] = this.#due) {
        await this.#check(next);
        this.#due = this.#due.slice(1);
      }
    } catch {
      // Without the server there is nothing to check, and the page says so.
    } finally {
      this.#isRunning = false;
    }
  }
}
