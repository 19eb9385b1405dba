import type { LedgerSummary, WorkBlock } from '../../core/block.ts';
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
interface Proposed extends Pick<Candidate, 'validator' | 'payload'> {
  /** The ledger behind the block: in a chain with one. */
  readonly ledger?: LedgerSummary;
}

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

/** What became of a nonce that was found outside. `stale`: the content is not searched for any more, or another nonce came first. */
export type SubmittedNonce = TriedNonce | { readonly kind: 'stale' };

/** What a nonce is searched for. */
export interface SearchedContent {
  readonly index: number;
  readonly contentHash: string;
  readonly difficulty: bigint;
}

/** One content of the block that is searched for. */
interface Attempt {
  readonly content: WorkContent;
  readonly contentHash: string;
}

interface Find {
  readonly attempt: Attempt;
  readonly nonce: number;
}

/** A search that is under way. */
interface Search {
  readonly index: number;
  readonly difficulty: bigint;
  readonly startMs: number;
  attempt: Attempt;
  /** The last contents, which a nonce from outside may belong to; the present one is the last. */
  recent: readonly Attempt[];
  /** Nonces that were tried with the contents before. */
  triedBefore: number;
  /** A nonce that holds, which was found by hand or outside. */
  find: Find | undefined;
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

  /** What is searched for at the moment; undefined when nothing is. */
  get content(): SearchedContent | undefined {
    const search = this.#openSearch;
    if (search === undefined) return undefined;
    return { index: search.index, contentHash: search.attempt.contentHash, difficulty: search.difficulty };
  }

  /** Searches for the block behind `tip` that a candidate becomes, with the ledger behind it where there is one. Undefined when the search was interrupted before it holds. */
  async find(tip: Tip, candidate: Proposed): Promise<WorkBlock | undefined> {
    const difficulty = difficultyBehind(tip);
    const make = (): Attempt => attemptOf(tip, candidate, difficulty, this.#clock.timestamp());
    const attempt = make();
    const search: Search = {
      index: tip.index + 1,
      difficulty,
      startMs: this.#clock.monotonicMs(),
      attempt,
      recent: [attempt],
      triedBefore: 0,
      find: undefined,
      isInterrupted: false,
    };
    this.#search = search;
    try {
      while (!search.isInterrupted) {
        const found = await this.#attempt(search);
        if (found !== undefined) return minedBlock(found.attempt.content, found.nonce);
        search.attempt = make();
        search.recent = [...search.recent, search.attempt].slice(-limits.contentsKeptMax);
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
    const search = this.#openSearch;
    return search === undefined ? { kind: 'no search' } : this.#try(search, search.attempt, nonce);
  }

  /** Tries a nonce that was found outside on one of the last contents of this block. When the block holds with it, that ends the search. */
  submitNonce(contentHash: string, nonce: number): SubmittedNonce {
    const search = this.#openSearch;
    if (search === undefined) return { kind: 'no search' };
    const attempt = search.recent.find((recent) => recent.contentHash === contentHash);
    return attempt === undefined || search.find !== undefined ? { kind: 'stale' } : this.#try(search, attempt, nonce);
  }

  get #openSearch(): Search | undefined {
    return this.#search?.isInterrupted === false ? this.#search : undefined;
  }

  #try(search: Search, attempt: Attempt, nonce: number): TriedNonce {
    const { index, difficulty } = search;
    const hash = workHash(attempt.contentHash, nonce);
    const holds = meets(hash, difficulty);
    if (holds) {
      search.find ??= { attempt, nonce };
      this.#nonces.stop();
    }
    return { kind: 'tried', index, difficulty, hash, zeroBits: leadingZeroBits(hash), holds };
  }

  /** Searches with one content until it holds, or is too old. */
  async #attempt(search: Search): Promise<Find | undefined> {
    const cancel = this.#clock.wakeAt(this.#clock.monotonicMs() + limits.timestampAgeMaxMs, () => this.#nonces.stop());
    const { attempt, difficulty } = search;
    const end = await this.#nonces.search({ contentHash: attempt.contentHash, difficulty });
    cancel();
    search.triedBefore += this.#nonces.tried;
    if (search.isInterrupted) return undefined;
    return search.find ?? (end.kind === 'found' ? { attempt, nonce: end.nonce } : undefined);
  }
}

/** The difficulty that the block behind a tip must have. Throws where that is no block of work. */
export function difficultyBehind({ seal }: Tip): bigint {
  if (!(seal instanceof WorkRules)) throw new Error('only a chain of work is made longer by work');
  return seal.next.difficulty;
}

function attemptOf(tip: Tip, { validator, payload, ledger }: Proposed, difficulty: bigint, now: string): Attempt {
  const content = {
    Index: tip.index + 1,
    // The wall clock may have gone back; the chain's time never does (SPEC 4).
    Timestamp: now < tip.timestamp ? tip.timestamp : now,
    BPM: payload,
    PrevHash: tip.hash,
    Validator: validator,
    Work: { Difficulty: String(difficulty) },
    ...(ledger === undefined ? {} : { Ledger: ledger }),
  };
  return { content, contentHash: contentHash(content) };
}
