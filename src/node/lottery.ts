import { TicketReceipts } from '../consensus/lottery/ticket-receipts.ts';
import { type Candidate, type FrozenPool, Pool, type Proposal } from '../core/pool.ts';
import { CandidateQueue } from './candidate-queue.ts';
import type { Chain, CommitDetails } from './chain.ts';
import { LateDraws } from './late-draws.ts';
import { limits } from './limits.ts';
import type { Clock, EventListener, Identities, InvalidPayload } from './ports.ts';
import type { Proposer } from './proposer.ts';
import type { ResumableSessions, ResumeResult } from './resumable-sessions.ts';
import { RoundSchedule } from './round-schedule.ts';
import { type Validator, ValidatorRegistry } from './validator-registry.ts';

/** What the operator's console shows at any moment. */
export interface LotteryStatus {
  readonly round: number;
  readonly height: number;
  readonly validators: number;
  readonly candidates: number;
  readonly totalStake: bigint;
  readonly remainingMs: number;
  readonly isPaused: boolean;
  readonly isDrawing: boolean;
  /** A drawn block waits for room on the disk. */
  readonly isDiskFull: boolean;
}

export interface LotteryOptions {
  readonly clock: Clock;
  readonly listener: EventListener;
  readonly chain: Chain;
  readonly proposer: Proposer;
  readonly sessions: ResumableSessions;
  readonly identities: Identities;
  /** A round. */
  readonly intervalMs: number;
  /** From one broadcast of the whole chain to the next. */
  readonly broadcastIntervalMs: number;
}

/**
 * The lottery: validators join and propose, candidates pass through the queue into the pool, and at the end of every round
 * `pickWinner` closes the pool and draws. All moving state is here and changes between two awaits only.
 */
export class Lottery {
  readonly #clock: Clock;
  readonly #listener: EventListener;
  readonly #chain: Chain;
  readonly #proposer: Proposer;
  readonly #sessions: ResumableSessions;
  readonly #identities: Identities;
  readonly #schedule: RoundSchedule;
  readonly #lateDraws: LateDraws;
  readonly #registry = new ValidatorRegistry();
  readonly #queue = new CandidateQueue();
  #pool = new Pool();
  #round = 0;
  /** What all candidates of the open round have staked, those who are still in the queue included. */
  #openStake = 0n;
  /** True from the moment a pool is frozen until its block is stored: what is proposed then is for the block after it. */
  #isDrawing = false;

  constructor(options: LotteryOptions) {
    this.#clock = options.clock;
    this.#listener = options.listener;
    this.#chain = options.chain;
    this.#proposer = options.proposer;
    this.#sessions = options.sessions;
    this.#identities = options.identities;
    this.#schedule = new RoundSchedule({
      ...options,
      roundDue: (dueMs) => this.#lateDraws.expect(this.#round, dueMs),
      chainDue: () => this.#listener.onEvent({ kind: 'chain-due' }),
    });
    this.#lateDraws = new LateDraws({
      clock: options.clock,
      isOwed: (round) => this.#isOwed(round),
      late: (round) => this.#listener.onEvent({ kind: 'late', round, index: this.#indexOf(round) }),
    });
  }

  /**
   * Runs rounds until `stop`. Rejects when a round fails: with a StoreError when the disk refused the block, with a ChainError when the stored
   * chain is gone, with anything else when the fault is ours. Nobody has heard of that draw then.
   */
  async run(): Promise<void> {
    this.#schedule.start();
    try {
      await Promise.all([this.#fillPool(), this.#drawRounds()]);
    } finally {
      this.stop();
    }
  }

  /** Ends `run`, after the draw that is under way; a draw that waits for room on the disk is given up. */
  stop(): void {
    this.#schedule.stop();
    this.#lateDraws.stop();
    this.#chain.stop();
    this.#queue.close();
  }

  /** The round that is open now; a candidate that is accepted now is in its pool. */
  get round(): number {
    return this.#round;
  }

  /** Makes a validator with a stake of at least 1 and returns its address. */
  join(stake: bigint): string {
    if (stake < 1n) throw new RangeError(`a stake must be at least 1, not ${stake}`);
    const address = this.#identities.newAddress();
    this.#registry.add(address, stake);
    this.#listener.onEvent({ kind: 'joined', validator: address, stake });
    return address;
  }

  /**
   * Opens a session for a validator that has just joined and returns its code; undefined where none are kept. `takenOver` is called when another
   * connection resumes the session with that code: from then on the validator must not be spoken for by the connection that opened it.
   */
  openSession(address: string, takenOver: () => void): string | undefined {
    const code = this.#sessions.open(address, this.#known(address).stake);
    this.#sessions.attach(address, takenOver);
    return code;
  }

  /** Gives the validator of a code back: with its stake, its tainted blocks and, in the round in which it left, its candidate. */
  resumeSession(code: string, network: string, takenOver: () => void): ResumeResult {
    const resumed = this.#sessions.resume(code, network);
    if (resumed.kind !== 'resumed') return resumed;
    const { address, stake, strikes } = resumed;
    this.#sessions.attach(address, takenOver);
    const validator = this.#registry.find(address) ?? this.#registry.add(address, stake, strikes);
    this.#registry.reconnect(validator);
    this.#listener.onEvent({ kind: 'returned', validator: address, stake });
    return resumed;
  }

  /** Takes a validator's candidate into the open round, if it is the first one there. */
  propose(address: string, payload: number): Proposal {
    const validator = this.#known(address);
    const index = this.#indexOf(this.#round);
    if (validator.candidateRound === this.#round) return { kind: 'already', index };
    const candidate: Candidate = { validator: address, stake: validator.stake, payload };
    const isFull = this.#pool.size + this.#queue.length >= limits.poolSizeMax;
    if (isFull || !this.#queue.push(candidate)) return { kind: 'full' };
    validator.candidateRound = this.#round;
    this.#openStake += validator.stake;
    this.#listener.onEvent({ kind: 'proposed', candidate, index });
    // The first candidate of a round whose end has passed makes its draw a late one.
    this.#lateDraws.look(this.#round);
    const remainingMs = this.#schedule.untilDrawMs;
    return {
      kind: 'accepted',
      index,
      outlook: { remainingMs, tickets: validator.stake, totalTickets: this.#openStake },
    };
  }

  /** Counts a tainted block of a validator, also for when it comes back, and returns how many it has made. */
  addStrike(address: string): number {
    const validator = this.#known(address);
    validator.strikes += 1;
    this.#sessions.setStrikes(address, validator.strikes);
    return validator.strikes;
  }

  /**
   * Resolves when tainted blocks and lost stakes that were counted in this turn are remembered after a crash of the machine, too; rejects when
   * the disk refuses. Undefined where no sessions are kept: then there is nothing that could come back.
   */
  sessionsSynced(): Promise<void> | undefined {
    return this.#sessions.synced();
  }

  /** Takes a validator's stake and its candidate away. A pool that is frozen already is drawn as it is. */
  slash(address: string, invalid: InvalidPayload): void {
    const validator = this.#known(address);
    this.#registry.remove(validator);
    this.#sessions.remove(address);
    this.#pool.remove(address);
    if (validator.candidateRound === this.#round) this.#openStake -= validator.stake;
    this.#listener.onEvent({ kind: 'slashed', validator: address, stake: validator.stake, invalid });
  }

  /** The validator hung up: its candidate stays in the draw, and it is forgotten after this round. */
  leave(address: string): void {
    const validator = this.#known(address);
    this.#sessions.detach(address);
    const isInTheDraw = validator.candidateRound === this.#round;
    if (isInTheDraw) this.#registry.disconnect(validator);
    // Nothing is left to wait for: keeping it would let people who come and go fill the memory of a round.
    else this.#registry.remove(validator);
    this.#listener.onEvent({ kind: 'left', validator: address, stake: validator.stake, isInTheDraw });
  }

  /** Removes the session of a validator: its code is void, and after a crash, too, once `sessionsSynced` has resolved. */
  voidSession(address: string): void {
    this.#sessions.remove(address);
  }

  /** Ends the round now instead of on the grid. The grid stays as it is. */
  drawNow(): void {
    this.#lateDraws.expect(this.#round, this.#clock.monotonicMs());
    this.#schedule.endRoundNow();
  }

  /** Rounds do not end until `resume`; people may join and propose. */
  pause(): void {
    if (this.#schedule.isPaused) return;
    this.#schedule.pause();
    this.#listener.onEvent({ kind: 'paused' });
  }

  resume(): void {
    if (!this.#schedule.isPaused) return;
    this.#schedule.resume();
    this.#listener.onEvent({ kind: 'resumed', remainingMs: this.#schedule.remainingMs });
  }

  status(): LotteryStatus {
    return {
      round: this.#round,
      height: this.#chain.height,
      validators: this.#registry.connected,
      candidates: this.#pool.size,
      totalStake: this.#pool.totalStake,
      remainingMs: this.#schedule.remainingMs,
      isPaused: this.#schedule.isPaused,
      isDrawing: this.#isDrawing,
      isDiskFull: this.#chain.isWaiting,
    };
  }

  /** The validators that are connected, in the order in which they joined. */
  validators(): Iterable<Readonly<Validator>> {
    return this.#registry.validators();
  }

  /** The candidates of the open round, in the order in which they came. */
  candidates(): Iterable<Candidate> {
    return this.#pool.candidates();
  }

  async #fillPool(): Promise<void> {
    while (await this.#queue.ready()) this.#takeCandidates();
  }

  #takeCandidates(): void {
    for (const candidate of this.#queue.drain()) {
      // Slashed while it waited in the queue.
      if (this.#registry.find(candidate.validator) === undefined) continue;
      this.#pool.add(candidate);
    }
  }

  /** One draw at a time. */
  async #drawRounds(): Promise<void> {
    for await (const moment of this.#schedule.moments()) {
      if (moment.kind === 'round over') await this.#pickWinner(moment.dueMs);
      // A chain that is gone is noticed within a round, whether there are draws or not.
      else await this.#chain.verifyPlace();
    }
  }

  async #pickWinner(dueMs: number | undefined): Promise<void> {
    const round = this.#round;
    const pool = this.#closeRound();
    if (pool.candidates.length === 0) {
      this.#lateDraws.settle(round);
      this.#listener.onEvent({ kind: 'empty', round });
      await this.#chain.verifyPlace();
      return;
    }
    // Freeze, then reveal: the secret is not touched before the pool is closed. Store, then tell: nobody hears of a
    // block that a crash could take back.
    this.#isDrawing = true;
    this.#listener.onEvent({ kind: 'drawing', round, index: this.#chain.height + 1 });
    const { tip } = this.#chain;
    if (tip === undefined) throw new Error('a chain without a genesis cannot be extended');
    const stored = await this.#proposer.build(tip, pool);
    const fault = await this.#chain.accept(stored, () => this.#endDraw(round, pool, dueMs));
    if (fault !== undefined) throw new Error(`built block ${fault.index} breaks the rule ${fault.rule}: ${fault.why}`);
  }

  /** The block of a round is stored, and about to be told. */
  #endDraw(round: number, pool: FrozenPool, dueMs: number | undefined): CommitDetails {
    // After a stall the block may be stored before the timer that looks whether it is late.
    this.#lateDraws.look(round);
    this.#lateDraws.settle(round);
    this.#isDrawing = false;
    const receipts = new TicketReceipts(pool.candidates);
    return { round, receipts, ...(dueMs === undefined ? {} : { lateMs: this.#clock.monotonicMs() - dueMs }) };
  }

  /** The block of the round that is open or being drawn. */
  #indexOf(round: number): number {
    return this.#chain.height + (this.#isDrawing && round === this.#round ? 2 : 1);
  }

  /** Whether a round that was to end has a draw that people wait for without having heard why. */
  #isOwed(round: number): boolean {
    return round === this.#round ? this.#openStake > 0n : !this.#chain.hasWaited;
  }

  /** Closes the open round and opens the next, in one step between two awaits: every candidate is in exactly one of them. */
  #closeRound(): FrozenPool {
    this.#takeCandidates();
    const pool = this.#pool.freeze();
    this.#pool = new Pool();
    this.#round += 1;
    this.#openStake = 0n;
    this.#registry.removeDisconnected();
    this.#sessions.removeExpired();
    return pool;
  }

  #known(address: string): Validator {
    const validator = this.#registry.find(address);
    if (validator === undefined) throw new Error(`nobody is registered as ${address}`);
    return validator;
  }
}
