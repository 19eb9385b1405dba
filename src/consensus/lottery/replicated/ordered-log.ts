import type { Batch, Control, LoggedSeat } from './log-entry.ts';

/**
 * The one order of everything that several doors do. Nothing is done because an entry was written, only because `follow` gave it back: then every
 * door does the same.
 */
export interface OrderedLog {
  /** The name of this door in the log, of this run of it. */
  readonly door: string;
  /**
   * Appends a batch, and tries again until it stands in the log or `stopping` is aborted: with the same `sequence` it stands there once. Batches of
   * one door are appended one after the other.
   */
  append(batch: Batch, sequence: number, stopping: AbortSignal): Promise<void>;
  /**
   * Appends what only a leader may, directly behind the control entry at position `after`, or none. `fenced`: another stands there, or this door leads no more.
   * `unknown`: it may stand there or not; the same may be tried again.
   */
  control(entry: Control, after: number, leadership: Leadership): Promise<'appended' | 'fenced' | 'unknown'>;
  /** The seats of all doors as they stand now. */
  seats(): Promise<readonly StandingSeat[]>;
  /** All entries that the log still has, and then every new one, each once and in the order of the log, until `stopping` is aborted. */
  follow(stopping: AbortSignal): AsyncIterable<LogRecord>;
  /** Waits to be the leader. Undefined when `stopping` is aborted before. */
  campaign(stopping: AbortSignal): Promise<Leadership | undefined>;
}

/** A seat, and the door that holds it; undefined where its holder has left, or that door is gone. */
export interface StandingSeat extends LoggedSeat {
  readonly heldBy: string | undefined;
}

/** A door leads. */
export interface Leadership {
  /** How many doors have led before, at least: later leaders have larger terms. */
  readonly term: number;
  /** Aborted when another may lead by now. */
  readonly lost: AbortSignal;
  /** Lets another lead. */
  resign(): Promise<void>;
}

/** What stands in the log. Positions grow, with gaps. */
export type LogRecord =
  | ({ readonly kind: 'batch'; readonly position: number; readonly door: string; readonly sequence: number } & Batch)
  | { readonly kind: 'control'; readonly position: number; readonly entry: Control }
  /** A door leads from here on; undefined when none does. */
  | { readonly kind: 'leader'; readonly position: number; readonly door: string | undefined; readonly term: number }
  /** A door is gone: it was stopped, or was not heard of for too long. */
  | { readonly kind: 'door-gone'; readonly position: number; readonly door: string };
