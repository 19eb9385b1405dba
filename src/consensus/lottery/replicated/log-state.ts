import { type Candidate, type FrozenPool, Pool } from '../../../core/pool.ts';
import { limits } from '../limits.ts';
import type { Change, Control } from './log-entry.ts';
import type { LogRecord } from './ordered-log.ts';

/** A round that is over: its pool and the Timestamp of its block are fixed, whichever door draws. */
export interface ClosedRound {
  readonly index: number;
  readonly timestamp: string;
  /** Of the entry that closed it. */
  readonly position: number;
  /** Undefined where the log does not reach back to the beginning of the round. */
  readonly pool: FrozenPool | undefined;
}

/** What became of a change, or of a control entry. */
export type Outcome =
  | { readonly kind: 'accepted'; readonly candidate: Candidate; readonly index: number; readonly totalTickets: bigint }
  | { readonly kind: 'already'; readonly index: number }
  | { readonly kind: 'full' }
  /** The door had not read the log for longer than a round when it wrote the candidate. */
  | { readonly kind: 'cut off' }
  | { readonly kind: 'withdrawn'; readonly validator: string }
  /** A seat of a validator that may have been slashed before its door could know. */
  | { readonly kind: 'void seat' }
  | { readonly kind: 'paused' | 'resumed' | 'round-over' }
  /** A round was closed with candidates. */
  | { readonly kind: 'closed'; readonly closed: ClosedRound }
  /** A round was closed without any. */
  | { readonly kind: 'empty' }
  | { readonly kind: 'block'; readonly index: number; readonly text: string; readonly closed: ClosedRound | undefined }
  /** Concerns the round in no way, or comes too late. */
  | { readonly kind: 'nothing' };

/**
 * The rounds of a lottery as the order of a log makes them: pure, and the same at every door that has read as far. What stands between the end of a
 * round and its block is in the next round.
 */
export class LogState {
  #pool = new Pool();
  #nextIndex = 1;
  #closed: ClosedRound | undefined;
  #controlPosition = 0;
  #isPaused = false;
  readonly #has = new Set<string>();
  /** Where validators were slashed, in the open round and the one before. */
  #withdrawn = new Map<string, number>();
  /** Where the last round was closed, and the one before it. */
  #closings: readonly [before: number, last: number] = [0, 0];
  /** How many rounds are not whole, because the log does not reach back to all that they depend on. */
  #blindRounds = 0;

  /** The position of the last control entry; 0 before the first. */
  get controlPosition(): number {
    return this.#controlPosition;
  }

  /** The round that is over and has no block yet. */
  get closed(): ClosedRound | undefined {
    return this.#closed;
  }

  /** The block that the open round will be. */
  get index(): number {
    return this.#closed === undefined ? this.#nextIndex : this.#closed.index + 1;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** The pool of the open round. */
  get open(): Pick<Pool, 'size' | 'totalStake' | 'candidates'> {
    return this.#pool;
  }

  /** Whether a validator has a candidate in the open round. */
  has(validator: string): boolean {
    return this.#has.has(validator);
  }

  /** Takes the next record of the log, and says what became of each of its changes, in their order. */
  apply(record: LogRecord): readonly Outcome[] {
    if (record.kind === 'batch')
      return record.changes.map((change) => this.#change(change, record.read, record.position));
    return record.kind === 'control' ? [this.#control(record.entry, record.position)] : [];
  }

  #change(change: Change, read: number, position: number): Outcome {
    switch (change.kind) {
      case 'candidate': {
        const { validator, stake, payload } = change;
        if (this.#isOutdated(validator, read)) return { kind: 'cut off' };
        if (this.#has.has(validator)) return { kind: 'already', index: this.index };
        if (this.#pool.size >= limits.poolSizeMax) return { kind: 'full' };
        const candidate = { validator, stake, payload };
        this.#has.add(validator);
        this.#pool.add(candidate);
        return { kind: 'accepted', candidate, index: this.index, totalTickets: this.#pool.totalStake };
      }
      case 'withdrawn':
        this.#withdrawn.set(change.validator, position);
        this.#pool.remove(change.validator);
        return change;
      case 'seat':
        return { kind: this.#isOutdated(change.seat.address, read) ? 'void seat' : 'nothing' };
      case 'paused':
      case 'resumed':
        this.#isPaused = change.kind === 'paused';
        return change;
      case 'round-over':
        return change;
      default:
        return { kind: 'nothing' };
    }
  }

  /** Whether a validator may have been slashed without its door knowing: a slash counts at all doors at once. */
  #isOutdated(validator: string, read: number): boolean {
    return read < this.#closings[0] || (this.#withdrawn.get(validator) ?? 0) > read;
  }

  #control(entry: Control, position: number): Outcome {
    this.#controlPosition = position;
    return entry.kind === 'closed' ? this.#close(entry.index, entry.timestamp, position) : this.#take(entry.text);
  }

  #close(index: number, timestamp: string, position: number): Outcome {
    if (this.#closed !== undefined || index < this.#nextIndex) return { kind: 'nothing' };
    // What the log has given up is in the first of its rounds, and the slashes there count for the second.
    if (index !== this.#nextIndex) this.#blindRounds = 2;
    const isWhole = this.#blindRounds === 0;
    if (!isWhole) this.#blindRounds -= 1;
    this.#closings = [this.#closings[1], position];
    const [before] = this.#closings;
    this.#withdrawn = new Map([...this.#withdrawn].filter(([, at]) => at > before));
    const pool = this.#pool.freeze();
    this.#pool = new Pool();
    this.#has.clear();
    this.#nextIndex = index;
    if (isWhole && pool.candidates.length === 0) return { kind: 'empty' };
    this.#closed = { index, timestamp, position, pool: isWhole ? pool : undefined };
    return { kind: 'closed', closed: this.#closed };
  }

  #take(text: string): Outcome {
    const index = indexOf(text);
    if (index < this.#nextIndex) return { kind: 'nothing' };
    const closed = this.#closed?.index === index ? this.#closed : undefined;
    this.#closed = undefined;
    this.#nextIndex = index + 1;
    return { kind: 'block', index, text, closed };
  }
}

/** The Index of a block, from its JSON text. */
function indexOf(text: string): number {
  const json: unknown = JSON.parse(text);
  return typeof json === 'object' && json !== null && 'Index' in json && typeof json.Index === 'number'
    ? json.Index
    : -1;
}
