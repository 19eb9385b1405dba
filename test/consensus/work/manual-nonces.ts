import type { NonceSearch, SearchEnd, SearchTask } from '../../../src/consensus/work/search/nonce-search.ts';

/** A search whose ends a test decides about. */
export class ManualNonces implements NonceSearch {
  /** All that was ever searched for. */
  readonly tasks: SearchTask[] = [];
  tried = 0;
  #resolve: ((end: SearchEnd) => void) | undefined;

  get isSearching(): boolean {
    return this.#resolve !== undefined;
  }

  /** What is searched for, or was last. */
  get task(): SearchTask {
    const task = this.tasks.at(-1);
    if (task === undefined) throw new Error('nothing was searched for yet');
    return task;
  }

  async search(task: SearchTask): Promise<SearchEnd> {
    if (this.isSearching) throw new Error('another search is under way');
    this.tasks.push(task);
    this.tried = 0;
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  end(end: SearchEnd): void {
    const resolve = this.#resolve;
    this.#resolve = undefined;
    resolve?.(end);
  }

  stop(): void {
    this.end({ kind: 'stopped' });
  }
}
