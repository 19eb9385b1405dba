import type { Clock } from '../consensus/clock.ts';
import { taggedHash } from '../core/hash.ts';
import { FailedAttemptLimiter } from './failed-attempt-limiter.ts';
import { limits } from './limits.ts';
import type { ResumableSession, ResumableSessionStore, SessionCodes } from './ports.ts';

/** What became of a code: the validator that it gives back, none, or too many wrong codes from the same network. */
export type ResumeResult =
  | { readonly kind: 'resumed'; readonly address: string; readonly stake: bigint; readonly strikes: number }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'too many' };

interface Session extends ResumableSession {
  strikes: number;
  /** The moment at which the session expires; undefined while a connection holds it. */
  expiresAtMs: number | undefined;
  /** Tells the connection that held the session last that another one holds it now. */
  takenOver: () => void;
}

export interface ResumableSessionsOptions {
  readonly clock: Clock;
  /** How long a session without a connection can be resumed, ms; 0 is not at all, and no session is kept then. */
  readonly graceMs: number;
  readonly codes: SessionCodes;
  readonly store: ResumableSessionStore;
}

/**
 * The sessions of validators whose connection may break: a code gives address and stake back within a grace time, also after the server was
 * restarted. Only a hash of each code is kept.
 */
export class ResumableSessions {
  readonly #options: ResumableSessionsOptions;
  readonly #byCode = new Map<string, Session>();
  readonly #byAddress = new Map<string, Session>();
  /** The sessions without a connection, the oldest first. */
  readonly #detached = new Set<Session>();
  readonly #failedAttempts = new FailedAttemptLimiter();

  private constructor(options: ResumableSessionsOptions) {
    this.#options = options;
  }

  /** Loads the sessions that are stored. Their grace time begins now. */
  static async open(options: ResumableSessionsOptions): Promise<ResumableSessions> {
    const sessions = new ResumableSessions(options);
    if (options.graceMs === 0) return sessions;
    for (const stored of await options.store.sessions()) {
      sessions.learn(stored, stored.isHeldElsewhere === true);
    }
    return sessions;
  }

  /** Takes over what another door, or an earlier run, says of a session. */
  learn({ codeHash, address, stake, strikes }: ResumableSession, isHeld: boolean): void {
    const known = this.#byCode.get(codeHash);
    if (known === undefined) this.#keep({ codeHash, address, stake, strikes });
    else known.strikes = strikes;
    if (!isHeld) this.#detach(address);
  }

  /** Another door has removed a session. */
  forget(codeHash: string): void {
    const session = this.#byCode.get(codeHash);
    if (session !== undefined) this.#drop(session);
  }

  /** What the store was told of a session came too late there: tells it again how the session stands, or that it is gone. */
  storeAgain(codeHash: string): void {
    const { store } = this.#options;
    const session = this.#byCode.get(codeHash);
    if (session === undefined) store.removeSession(codeHash);
    else {
      store.saveSession(session);
      if (session.expiresAtMs !== undefined) store.sessionLeft?.(session);
    }
  }

  /** A validator was slashed at another door. Returns whether a connection here held its session, which is told that it lost it. */
  slashedElsewhere(address: string): boolean {
    const session = this.#byAddress.get(address);
    const isHeld = session !== undefined && this.heldElsewhere(session.codeHash) !== undefined;
    if (session !== undefined) this.#drop(session);
    return isHeld;
  }

  /** A connection at another door holds a session from now on. Returns its validator where a connection here held it, which is told. */
  heldElsewhere(codeHash: string): string | undefined {
    const session = this.#byCode.get(codeHash);
    if (session === undefined) return undefined;
    this.#release(session);
    const { takenOver } = session;
    session.takenOver = doNothing;
    takenOver();
    return takenOver === doNothing ? undefined : session.address;
  }

  /** No connection at another door holds a session any more: its grace time begins. */
  leftElsewhere(codeHash: string): void {
    const session = this.#byCode.get(codeHash);
    if (session !== undefined) this.#detach(session.address);
  }

  /** How long a session without a connection can be resumed, ms; 0 where none are kept. */
  get graceMs(): number {
    return this.#options.graceMs;
  }

  /** Opens a session for a new validator and returns its code; undefined where none are kept. */
  open(address: string, stake: bigint): string | undefined {
    const { graceMs, codes, store } = this.#options;
    if (graceMs === 0) return undefined;
    const code = codes.newCode();
    const session = { codeHash: hashOf(code), address, stake, strikes: 0 };
    this.#keep(session);
    store.saveSession(session);
    return code;
  }

  /** Resumes the session of a code, even while a connection holds it. Too many wrong codes from a network address stop all codes from there. */
  resume(code: string, network: string): ResumeResult {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#failedAttempts.isOverLimit(network, nowMs)) return { kind: 'too many' };
    const session = this.#byCode.get(hashOf(code));
    if (session === undefined || (session.expiresAtMs !== undefined && session.expiresAtMs <= nowMs)) {
      this.#failedAttempts.add(network, nowMs);
      return { kind: 'unknown' };
    }
    this.#release(session);
    this.#options.store.sessionHeld?.(session);
    const { address, stake, strikes } = session;
    return { kind: 'resumed', address, stake, strikes };
  }

  /** A connection holds the session from now on, and the one before it is told. `takenOver` is called when the next one comes. */
  attach(address: string, takenOver: () => void): void {
    const session = this.#byAddress.get(address);
    if (session === undefined) return;
    session.takenOver();
    session.takenOver = takenOver;
  }

  /** Stores how many tainted blocks a validator has made, for when it comes back. */
  setStrikes(address: string, strikes: number): void {
    const session = this.#byAddress.get(address);
    if (session === undefined) return;
    session.strikes = strikes;
    this.#options.store.saveSession(session);
  }

  /** The validator's connection has ended: the grace time of its session begins. */
  detach(address: string): void {
    const session = this.#detach(address);
    if (session !== undefined) this.#options.store.sessionLeft?.(session);
  }

  #detach(address: string): Session | undefined {
    const session = this.#byAddress.get(address);
    if (session === undefined) return undefined;
    session.expiresAtMs = this.#options.clock.monotonicMs() + this.#options.graceMs;
    this.#detached.add(session);
    const [oldest] = this.#detached;
    if (this.#detached.size > limits.detachedSessionsMax && oldest !== undefined) this.remove(oldest.address);
    return session;
  }

  #release(session: Session): void {
    session.expiresAtMs = undefined;
    this.#detached.delete(session);
  }

  /** Removes a session: its code gives nothing back any more. */
  remove(address: string): void {
    const session = this.#byAddress.get(address);
    if (session === undefined) return;
    this.#drop(session);
    this.#options.store.removeSession(session.codeHash);
  }

  /** As its store's `sessionsSynced`; undefined where no sessions are kept. */
  synced(): Promise<void> | undefined {
    return this.#options.graceMs === 0 ? undefined : this.#options.store.sessionsSynced();
  }

  /** Removes the sessions whose grace time is over. */
  removeExpired(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const { address, expiresAtMs = nowMs } of this.#detached) {
      if (expiresAtMs > nowMs) break;
      this.remove(address);
    }
  }

  #drop(session: Session): void {
    this.#byAddress.delete(session.address);
    this.#byCode.delete(session.codeHash);
    this.#detached.delete(session);
  }

  #keep(stored: ResumableSession): void {
    const session = { ...stored, expiresAtMs: undefined, takenOver: doNothing };
    this.#byCode.set(session.codeHash, session);
    this.#byAddress.set(session.address, session);
  }
}

/** Codes are read as people copy them: in any case, with or without dashes, and O for 0, I and L for 1. */
function hashOf(code: string): string {
  const plain = code.toUpperCase().replaceAll(/[-\s]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return taggedHash('seat', plain);
}

/** No connection here holds the session. */
function doNothing(): void {}
