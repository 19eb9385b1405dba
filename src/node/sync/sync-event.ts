import type { Contradiction } from './contradiction.ts';
import type { CutReason } from './cut-reason.ts';

/** How far a node that fetches many blocks is. */
export interface SyncProgress {
  /** The last block that is stored. */
  readonly height: number;
  /** The last block that a peer has. */
  readonly target: number;
  /** An estimate, ms; undefined before anything can be said. */
  readonly remainingMs: number | undefined;
}

/** What happens between a node and its peers. */
export type SyncEvent =
  /** A peer has said for the first time what it is. */
  | { readonly kind: 'peer-greeted'; readonly peer: string; readonly host: string }
  /** A peer that had greeted is gone by itself. */
  | { readonly kind: 'peer-gone'; readonly peer: string }
  | { readonly kind: 'peer-cut'; readonly peer: string; readonly host: string; readonly reason: CutReason }
  | ({ readonly kind: 'syncing' } & SyncProgress)
  /** All blocks that peers have are stored, after they were not. */
  | { readonly kind: 'synced'; readonly height: number }
  /** The authority has signed two blocks of one Index: nothing is taken from anybody any more. */
  | ({ readonly kind: 'contradiction' } & Contradiction);

/** Hears of it. Must not throw, and must not wait for anybody. */
export interface SyncListener {
  onSync(event: SyncEvent): void;
}
