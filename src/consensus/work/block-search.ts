import type { WorkBlock } from '../../core/block.ts';
import { contentHash, type WorkContent, workHash } from '../../core/block-hash.ts';
import { minedBlock } from '../../core/build-block.ts';
import type { Candidate } from '../../core/pool.ts';
import type { Tip } from '../verifier.ts';
import { leadingZeroBits, meets } from './difficulty.ts';
import { limits } from './limits.ts';
import type { NonceSearch } from './search/nonce-search.ts';
import type { SearchProgress } from './search-progress.ts';
import { WorkRules } from './work-rules.ts';

/** What a search needs of time. */
export interface SearchClock {
  monotonicMs(): number;
  timestamp(): string;
  wakeAt(monotonicMs: number, wake: () => void): () => void;
}

export interface BlockSearchPorts {
  readonly clock: SearchClock;
  readonly nonces: NonceSearch;
}

/** What a block is made of that comes from people. */
type Proposed = Pick<Candidate, 'validator' | 'payload'>;

/** What became of a nonce that was tried by hand. */
export type TriedNonce =
  | { readonly kind: 'no search' }
  | {
      readonly kind: 'tried';
      readonly index: number;
      readonly difficulty: bigint;
      readonly hash: string;
      readonly zeroBits: number;
      /** The block holds with this nonce: the search ends with it. */
      readonly holds: boolean;
    };

/** One content of the block that is searched for. */
interface Attempt {
  readonly content: WorkContent;
  readonly contentHash: string;
}

/** A search that is under way. */
interface Search {
  readonly index: number;
  readonly difficulty: bigint;
  readonly startMs: number;
  attempt: Attempt;
  /** Nonces that were tried with the contents before. */
  triedBefore: number;
  /** A nonce that holds, which was found by hand. */
  nonce: number | undefined;
  isInterrupted: boolean;
}

/**
 * Searches for one block at a time until it holds. Its Timestamp is renewed meanwhile, since it has to say when the block was found and not when the search
 * began: the next difficulties come from it. A nonce that failed would fail with equal chance under another Timestamp, so nothing is lost by that.
 */
export class BlockSearch {
  readonly #clock: SearchClock;
  readonly #nonces: NonceSearch;
  #search: Search | undefined;

  constructor({ clock, nonces }: BlockSearchPorts) {
    this.#clock = clock;
    this.#nonces = nonces;
  }

  /** How far the search is; undefined when none is under way. */
  get progress(): SearchProgress | undefined {
    if (this.#search === undefined) return undefined;
    const { index, difficulty, startMs, triedBefore } = this.#search;
    const elapsedMs = this.#clock.monotonicMs() - startMs;
    return { index, difficulty, tried: triedBefore + this.#nonces.tried, elapsedMs };
  }

  /** Searches for the block behind `tip` that a candidate becomes. Undefined when the search was interrupted before it holds. */
  async find(tip: Tip, candidate: Proposed): Promise<WorkBlock | undefined> {
    const difficulty = difficultyBehind(tip);
    const make = (): Attempt => attemptOf(tip, candidate, difficulty, this.#clock.timestamp());
    const search: Search = {
      index: tip.index + 1,
      difficulty,
      startMs: this.#clock.monotonicMs(),
      attempt: make(),
      triedBefore: 0,
      nonce: undefined,
      isInterrupted: false,
    };
    this.#search = search;
    try {
      while (!search.isInterrupted) {
        const nonce = await this.#attempt(search);
        if (nonce !== undefined) return minedBlock(search.attempt.content, nonce);
        search.attempt = make();
      }
      return undefined;
    } finally {
      this.#search = undefined;
    }
  }

  /** Ends the search that is under way: its block is not wanted any more. */
  interrupt(): void {
    if (this.#search === undefined) return;
    this.#search.isInterrupted = true;
    this.#nonces.stop();
  }

  /** Tries one nonce on the block that is searched for. When the block holds with it, that ends the search. */
  tryNonce(nonce: number): TriedNonce {
    const search = this.#search;
    if (search === undefined || search.isInterrupted) return { kind: 'no search' };
    const { index, difficulty, attempt } = search;
    const hash = workHash(attempt.contentHash, nonce);
    const holds = meets(hash, difficulty);
    if (holds) {
      search.nonce ??= nonce;
      this.#nonces.stop();
    }
    return { kind: 'tried', index, difficulty, hash, zeroBits: leadingZeroBits(hash), holds };
  }

  /** Searches with one content until it holds, or is too old. */
  async #attempt(search: Search): Promise<number | undefined> {
    const cancel = this.#clock.wakeAt(this.#clock.monotonicMs() + limits.timestampAgeMaxMs, () => this.#nonces.stop());
    const { contentHash } = search.attempt;
    const end = await this.#nonces.search({ contentHash, difficulty: search.difficulty });
    cancel();
    search.triedBefore += this.#nonces.tried;
    if (search.isInterrupted) return undefined;
    return search.nonce ?? (end.kind === 'found' ? end.nonce : undefined);
  }
}

/** The difficulty that the block behind a tip must have. Throws where that is no block of work. */
export function difficultyBehind({ seal }: Tip): bigint {
  if (!(seal instanceof WorkRules)) throw new Error('only a chain of work is made longer by work');
  return seal.next.difficulty;
}

function attemptOf(tip: Tip, { validator, payload }: Proposed, difficulty: bigint, now: string): Attempt {
  const content = {
    Index: tip.index + 1,
    // The wall clock may have gone back; the chain's time never does (SPEC 4).
    Timestamp: now < tip.timestamp ? tip.timestamp : now,
    BPM: payload,
    PrevHash: tip.hash,
    Validator: validator,
    Work: { Difficulty: String(difficulty) },
  };
  return { content, contentHash: contentHash(content) };
}
