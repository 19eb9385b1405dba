import type { Turns } from '../../../base/run-to-end.ts';
import { targetOf } from '../difficulty.ts';
import { limits } from './limits.ts';
import { NonceFinder } from './nonce-finder.ts';
import type { NonceSearch, SearchEnd, SearchTask } from './nonce-search.ts';

/**
 * Searches where it is called, a range of nonces after the other, and yields to the event loop in between. The same task always takes the
 * same steps to the same nonce.
 */
export class InProcessSearch implements NonceSearch {
  readonly #turns: Turns;
  readonly #noncesPerRange: number;
  /** The search that is under way. */
  #task: SearchTask | undefined;
  #tried = 0;

  constructor(turns: Turns, noncesPerRange: number = limits.noncesPerRange) {
    this.#turns = turns;
    this.#noncesPerRange = noncesPerRange;
  }

  get tried(): number {
    return this.#tried;
  }

  async search(task: SearchTask): Promise<SearchEnd> {
    if (this.#task !== undefined) throw new Error('another search is under way');
    const search = { ...task };
    this.#task = search;
    this.#tried = 0;
    const finder = new NonceFinder(search.contentHash, targetOf(search.difficulty));
    for (let first = search.firstNonce ?? 0; first <= limits.nonceMax; first += this.#noncesPerRange) {
      const found = finder.find(first, this.#noncesPerRange);
      this.#tried += this.#noncesPerRange;
      if (this.#turns.isTurnOver()) await this.#turns.yieldToEventLoop();
      // Another search may have begun since this one was stopped.
      if (this.#task !== search) return { kind: 'stopped' };
      if (found === undefined) continue;
      this.#task = undefined;
      return { kind: 'found', ...found };
    }
    this.#task = undefined;
    return { kind: 'exhausted' };
  }

  stop(): void {
    this.#task = undefined;
  }
}
