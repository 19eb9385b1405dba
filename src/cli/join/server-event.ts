/** What a server tells a client, one fact at a time (SPEC 1). Texts are latin1 and not yet safe to show. */
export type ServerEvent =
  | { readonly kind: 'prompt'; readonly asks: 'balance' | 'bpm' }
  | { readonly kind: 'welcome'; readonly address: string; readonly stake: bigint }
  | { readonly kind: 'candidate'; readonly index: number; readonly bpm: number }
  | OutlookEvent
  | { readonly kind: 'already'; readonly index: number }
  | { readonly kind: 'error'; readonly text: string }
  | { readonly kind: 'slashed'; readonly text: string }
  /** The answer to `quit`: the connection is closed after it. */
  | { readonly kind: 'goodbye'; readonly text: string }
  /** What everybody is told of the draws in between: that they are paused or go on, or that one is late. */
  | { readonly kind: 'notice'; readonly text: string; readonly about: 'paused' | 'resumed' | 'late' }
  | SealedEvent
  | AwaitsEvent
  | { readonly kind: 'winner'; readonly address: string }
  | TicketEvent
  | { readonly kind: 'won'; readonly index: number }
  /** The next block of a chain that is being sent, as its text, latin1; the first one comes after the last chain has ended. */
  | { readonly kind: 'block'; readonly text: string }
  /** The chain is whole. */
  | { readonly kind: 'chain' }
  /** A text that began like a chain is not one; `why` is printable. The rest of its line is passed over. */
  | { readonly kind: 'broken-chain'; readonly why: string }
  /** Any other line: last words, a line that is too long (cut), or something that SPEC does not know. */
  | { readonly kind: 'other'; readonly text: string };

/** When the draw of a new candidate is, as `candidate` is followed by it. */
export interface OutlookEvent {
  readonly kind: 'outlook';
  /** Rounded up; undefined while draws are paused. */
  readonly seconds: number | undefined;
  /** The listener's own. */
  readonly tickets: bigint;
  /** Of all candidates so far. */
  readonly total: bigint;
}

/** The ticket that was drawn, of how many, and the listener's own, inclusive. */
export interface TicketEvent {
  readonly kind: 'ticket';
  readonly ticket: bigint;
  readonly total: bigint;
  readonly first: bigint;
  readonly last: bigint;
}

/** A pool is closed, and its draw waits for beacons. */
export interface SealedEvent {
  readonly kind: 'sealed';
  readonly index: number;
  readonly candidates: number;
  readonly total: bigint;
  /** The first digits of PoolRoot. */
  readonly root: string;
}

/** The rounds of beacons that the draw of the pool waits for which was sealed last; `awaits` follows `sealed`. */
export interface AwaitsEvent {
  readonly kind: 'awaits';
  readonly rounds: readonly { readonly name: string; readonly round: number }[];
}
