import type { FoundNonce } from './nonce-finder.ts';

/** What a nonce is searched for. */
export interface SearchTask {
  /** The hash of the block without its nonce. */
  readonly contentHash: string;
  readonly difficulty: bigint;
  /** Where the search begins; 0 where it is not given. */
  readonly firstNonce?: number;
}

/** How a search ended: a nonce holds, it was stopped, or there was no nonce left that could hold. */
export type SearchEnd = ({ readonly kind: 'found' } & FoundNonce) | { readonly kind: 'stopped' | 'exhausted' };

/** Searches for the nonce of one work block at a time (SPEC 7). */
export interface NonceSearch {
  /**
   * Tries nonces until one holds. Which one of several that hold is not promised. Rejects while another search is under way, and when the
   * search cannot go on, which is never the fault of its task.
   */
  search(task: SearchTask): Promise<SearchEnd>;
  /** Ends the search that is under way as `stopped`; the next may begin at once. What searches takes notice within 5 ms where a core is free (SPEC 7). */
  stop(): void;
  /** Nonces that the search that is under way has tried, or the last one, up to one range for each thread too many. May be read as often as one likes. */
  readonly tried: number;
}
