import { taggedHash } from '../core/hash.ts';
import { FailedAttemptLimiter } from './failed-attempt-limiter.ts';
import { limits } from './limits.ts';
import type { Clock, ResumableSession, ResumableSessionStore } from './ports.ts';

/** What became of a code: the seat that it gives back, none, or too many wrong codes from its network. */
export type ResumeResult =
  | { readonly kind: 'seat'; readonly address: string; readonly stake: bigint; readonly strikes: number }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'too many' };

interface Seat extends ResumableSession {
  strikes: number;
  /** The moment at which it is given up; undefined while somebody sits on it. */
  untilMs: number | undefined;
  /** Tells the connection that sits on it, or listens though it has hung up, that another one has taken it over. */
  takeOver: () => void;
}

export interface ResumableSessionsOptions {
  readonly clock: Clock;
  /** How long a seat waits for its validator; 0 is no seats at all. */
  readonly graceMs: number;
  /** Makes a code that nobody can guess. */
  readonly newCode: () => string;
  readonly store: ResumableSessionStore;
}

/**
 * The seats of validators whose connection may break: a code gives address and stake back within a grace time, also after the server was
 * started again. Only a hash of each code is kept.
 */
export class ResumableSessions {
  readonly #options: ResumableSessionsOptions;
  readonly #byCode = new Map<string, Seat>();
  readonly #byAddress = new Map<string, Seat>();
  /** Those on which nobody sits, longest first. */
  readonly #waiting = new Set<Seat>();
  readonly #misses = new FailedAttemptLimiter();

  private constructor(options: ResumableSessionsOptions) {
    this.#options = options;
  }

  /** The seats that are stored wait from now on. */
  static async open(options: ResumableSessionsOptions): Promise<ResumableSessions> {
    const seats = new ResumableSessions(options);
    if (options.graceMs === 0) return seats;
    for (const record of await options.store.sessions()) {
      seats.#keep({ ...record, untilMs: undefined, takeOver: () => undefined });
      seats.leave(record.address);
    }
    return seats;
  }

  /** How long a seat waits; 0 when there are none. */
  get graceMs(): number {
    return this.#options.graceMs;
  }

  /** Keeps a seat for a new validator and returns its code; undefined when there are no seats. */
  open(address: string, stake: bigint): string | undefined {
    const { graceMs, newCode, store } = this.#options;
    if (graceMs === 0) return undefined;
    const code = newCode();
    const record = { codeHash: hashOf(code), address, stake, strikes: 0 };
    this.#keep({ ...record, untilMs: undefined, takeOver: () => undefined });
    store.saveSession(record);
    return code;
  }

  /** Gives back the seat of a code, whether somebody sits on it or not, unless too many wrong ones came from the same network. */
  resume(code: string, network: string): ResumeResult {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#misses.isOverLimit(network, nowMs)) return { kind: 'too many' };
    const seat = this.#byCode.get(hashOf(code));
    if (seat === undefined || (seat.untilMs !== undefined && seat.untilMs <= nowMs)) {
      this.#misses.add(network, nowMs);
      return { kind: 'unknown' };
    }
    seat.untilMs = undefined;
    this.#waiting.delete(seat);
    const { address, stake, strikes } = seat;
    return { kind: 'seat', address, stake, strikes };
  }

  /** A connection sits down on a seat; the one that had it before is told. `takenOver` is called when the next one comes. */
  sit(address: string, takenOver: () => void): void {
    const seat = this.#byAddress.get(address);
    if (seat === undefined) return;
    seat.takeOver();
    seat.takeOver = takenOver;
  }

  /** Has a seat remember how many tainted blocks its validator has made. */
  setStrikes(address: string, strikes: number): void {
    const seat = this.#byAddress.get(address);
    if (seat === undefined) return;
    seat.strikes = strikes;
    this.#options.store.saveSession(seat);
  }

  /** The validator hung up: its seat waits from now on. */
  leave(address: string): void {
    const seat = this.#byAddress.get(address);
    if (seat === undefined) return;
    seat.untilMs = this.#options.clock.monotonicMs() + this.#options.graceMs;
    this.#waiting.add(seat);
    const [longest] = this.#waiting;
    if (this.#waiting.size > limits.seatsWaitingMax && longest !== undefined) this.forget(longest.address);
  }

  /** The validator has lost its stake, and its seat with it. */
  forget(address: string): void {
    const seat = this.#byAddress.get(address);
    if (seat === undefined) return;
    this.#byAddress.delete(address);
    this.#byCode.delete(seat.codeHash);
    this.#waiting.delete(seat);
    this.#options.store.removeSession(seat.codeHash);
  }

  /** Resolves as its store's `seatsSynced` does; undefined where there are no seats. */
  synced(): Promise<void> | undefined {
    return this.#options.graceMs === 0 ? undefined : this.#options.store.seatsSynced();
  }

  /** Gives up the seats that have waited long enough. */
  removeExpired(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const { address, untilMs = nowMs } of this.#waiting) {
      if (untilMs > nowMs) break;
      this.forget(address);
    }
  }

  #keep(seat: Seat): void {
    this.#byCode.set(seat.codeHash, seat);
    this.#byAddress.set(seat.address, seat);
  }
}

/** Codes are read as people copy them: in any case, with or without dashes, and O for 0, I and L for 1. */
function hashOf(code: string): string {
  const plain = code.toUpperCase().replaceAll(/[-\s]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return taggedHash('seat', plain);
}
