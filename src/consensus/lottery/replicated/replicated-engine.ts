import { isDrawn } from '../../../core/block.ts';
import { parseExact } from '../../../core/exact-json.ts';
import { parseSealedBlock } from '../../../core/parse-block.ts';
import type { Candidate } from '../../../core/pool.ts';
import type {
  CommitDetails,
  DecidedProposal,
  Engine,
  EnginePorts,
  EngineStatus,
  LogStatus,
  Proposal,
  StoredBlock,
} from '../../engine.ts';
import type { Tip } from '../../verifier.ts';
import { LateDraws } from '../late-draws.ts';
import type { LotteryProposer } from '../lottery-proposer.ts';
import { RoundSchedule } from '../round-schedule.ts';
import { TicketReceipts } from '../ticket-receipts.ts';
import type { ChangeQueue } from './change-queue.ts';
import { type ClosedRound, LogState, type Outcome } from './log-state.ts';
import type { Leadership, LogRecord, OrderedLog } from './ordered-log.ts';

export interface ReplicatedEngineOptions extends EnginePorts {
  readonly log: OrderedLog;
  /** What this door writes to the log. */
  readonly changes: ChangeQueue<Outcome>;
  /** Makes what draws behind a tip; undefined where this door has not the secret of the chain: then it never leads. */
  readonly openProposer: (tip: Tip) => Promise<LotteryProposer | undefined>;
  /** A round. */
  readonly intervalMs: number;
  readonly seats: SeatListener;
}

/** Hears what the log says of the seats of all doors. Must not throw. */
export interface SeatListener {
  onBatch(record: Extract<LogRecord, { readonly kind: 'batch' }>, outcomes: readonly Outcome[], isOwn: boolean): void;
  onDoorGone(door: string): void;
}

/** What leads the rounds while this door does. */
interface Lead {
  readonly leadership: Leadership;
  readonly proposer: LotteryProposer;
  readonly schedule: RoundSchedule;
}

/**
 * A lottery behind several doors. What people do goes through the log, and every door takes it from there: it is in a round, or not, by the order of the
 * log alone. One door leads: it closes the rounds and draws. Its blocks are made of what stands in the log and of the secret, so whichever door leads
 * would make the very same. A block that stands in the log is stored by every door, and only then told.
 */
export class ReplicatedEngine implements Engine {
  readonly #options: ReplicatedEngineOptions;
  readonly #state = new LogState();
  readonly #lateDraws: LateDraws;
  readonly #ending = new AbortController();
  #failure: unknown;
  #lead: Lead | undefined;
  #leader: { readonly door: string | undefined; readonly term: number } = { door: undefined, term: 0 };
  /** The door that leads, or led before none did. */
  #lastLeader: string | undefined;
  #failovers = 0;
  /** The rounds that ended since this door began to read. */
  #round = 0;
  #roundBeganMs: number;
  #roundSettled: () => void = () => undefined;

  constructor(options: ReplicatedEngineOptions) {
    const { clock, listener } = options;
    this.#options = options;
    this.#roundBeganMs = clock.monotonicMs();
    this.#lateDraws = new LateDraws({
      clock,
      isOwed: (round) => (round === this.#round ? this.#state.open.size > 0 : !options.chain.hasWaited),
      late: (round) => listener.onEvent({ kind: 'late', round, index: this.#state.closed?.index ?? this.#state.index }),
    });
  }

  async run(stopping: AbortSignal): Promise<void> {
    const end = (): void => this.#ending.abort();
    stopping.addEventListener('abort', end, { once: true });
    if (stopping.aborted) end();
    const { signal } = this.#ending;
    const guard = async (part: Promise<void>): Promise<void> => {
      try {
        await part;
      } catch (error) {
        this.#failure ??= error;
        end();
      }
    };
    await Promise.all([
      guard(this.#options.changes.run(signal)),
      guard(this.#follow(signal)),
      guard(this.#campaign(signal)),
    ]);
    this.#lateDraws.stop();
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** Writes the candidate to the log. Whether it is in the round is known when it comes back from there. */
  propose(validator: string, payload: number): Proposal {
    const stake = this.#options.stakes.stakeOf(validator);
    if (this.#state.has(validator)) return { kind: 'already', index: this.#state.index, round: this.#round };
    const added = this.#options.changes.add({ kind: 'candidate', validator, stake, payload });
    if (added === undefined) return { kind: 'full' };
    return { kind: 'deciding', decided: added.then((outcome) => this.#proposalOf(outcome)) };
  }

  isWaiting(validator: string): boolean {
    return this.#state.has(validator);
  }

  /** Resolves when no door draws the candidate any more, unless its round was over before. */
  async withdraw(validator: string): Promise<void> {
    await this.#options.changes.add({ kind: 'withdrawn', validator }, true);
  }

  candidates(): Iterable<Candidate> {
    return this.#state.open.candidates();
  }

  /** There are none in a chain without a ledger. */
  transactionsWait(): void {}

  /** Asks the leading door to end the round now. */
  sealNow(): void {
    this.#write('round-over');
  }

  /** Asks all doors. */
  pause(): void {
    if (!this.#state.isPaused) this.#write('paused');
  }

  resume(): void {
    if (this.#state.isPaused) this.#write('resumed');
  }

  get isBlockDue(): boolean {
    return this.#state.closed !== undefined || this.#remainingMs === 0;
  }

  status(): EngineStatus {
    const { open, isPaused, closed } = this.#state;
    return {
      kind: 'lottery',
      candidates: open.size,
      totalStake: open.totalStake,
      remainingMs: this.#remainingMs,
      isPaused,
      isDrawing: closed !== undefined,
      log: this.#logStatus,
    };
  }

  get #logStatus(): LogStatus {
    return {
      leader: this.#leader.door,
      isLeader: this.#lead !== undefined,
      term: this.#leader.term,
      waiting: this.#options.changes.size,
      failovers: this.#failovers,
    };
  }

  get #remainingMs(): number {
    const { clock, intervalMs } = this.#options;
    if (this.#lead !== undefined) return this.#lead.schedule.remainingMs;
    return Math.max(0, this.#roundBeganMs + intervalMs - clock.monotonicMs());
  }

  #write(kind: 'paused' | 'resumed' | 'round-over'): void {
    void this.#options.changes.add({ kind }, true);
  }

  #proposalOf(outcome: Outcome): DecidedProposal {
    switch (outcome.kind) {
      case 'accepted': {
        const { candidate, index, totalTickets } = outcome;
        const remainingMs = this.#state.isPaused ? undefined : this.#remainingMs;
        return {
          kind: 'accepted',
          index,
          round: this.#round,
          outlook: { remainingMs, tickets: candidate.stake, totalTickets },
        };
      }
      case 'already':
        return { kind: 'already', index: outcome.index, round: this.#round };
      case 'full':
      case 'cut off':
        return { kind: outcome.kind };
      default:
        throw new Error(`a candidate was ${outcome.kind}`);
    }
  }

  /** Does what the log says, in its order. */
  async #follow(stopping: AbortSignal): Promise<void> {
    const { log, seats } = this.#options;
    for await (const record of log.follow(stopping)) {
      const isOwn = 'door' in record && record.door === log.door;
      if (record.kind === 'leader') this.#led(record.door, record.term);
      if (record.kind === 'door-gone') seats.onDoorGone(record.door);
      const outcomes = this.#state.apply(record);
      if (record.kind === 'batch') seats.onBatch(record, outcomes, isOwn);
      this.#options.changes.readTo(record.position);
      if (record.kind === 'batch' && isOwn) this.#options.changes.settle(record.sequence, outcomes);
      for (const outcome of outcomes) await this.#tell(outcome);
    }
  }

  #led(door: string | undefined, term: number): void {
    this.#leader = { door, term };
    if (door === undefined) return;
    if (this.#lastLeader !== undefined && door !== this.#lastLeader) this.#failovers += 1;
    this.#lastLeader = door;
  }

  async #tell(outcome: Outcome): Promise<void> {
    const { listener, chain } = this.#options;
    switch (outcome.kind) {
      case 'accepted': {
        const { candidate, index } = outcome;
        // Of rounds that this door reads of only afterwards nobody is to hear.
        if (index > chain.height) listener.onEvent({ kind: 'proposed', candidate, index });
        this.#lateDraws.look(this.#round);
        return;
      }
      case 'withdrawn':
        listener.onEvent(outcome);
        return;
      case 'paused':
        this.#lead?.schedule.pause();
        listener.onEvent({ kind: 'paused', hasRounds: true });
        return;
      case 'resumed':
        this.#lead?.schedule.resume();
        listener.onEvent({ kind: 'resumed', remainingMs: this.#remainingMs });
        return;
      case 'round-over':
        this.#lead?.schedule.endRoundNow();
        return;
      case 'empty':
        listener.onEvent({ kind: 'empty', round: this.#endRound() });
        await chain.verifyPlace();
        this.#roundSettled();
        return;
      case 'closed':
        this.#closed(outcome.closed);
        return;
      case 'block':
        await this.#takeBlock(outcome);
        this.#roundSettled();
        return;
      default:
        return;
    }
  }

  /** A round is over: no slash reaches its candidates any more. Returns its number. */
  #endRound(): number {
    const { clock, candidatesTaken } = this.#options;
    this.#lateDraws.settle(this.#round);
    candidatesTaken();
    this.#roundBeganMs = clock.monotonicMs();
    this.#round += 1;
    return this.#round - 1;
  }

  #closed(closed: ClosedRound): void {
    const { listener, chain, clock } = this.#options;
    const round = this.#endRound();
    if (closed.index > chain.height) {
      this.#lateDraws.expect(round, clock.monotonicMs());
      listener.onEvent({ kind: 'drawing', round, index: closed.index });
    }
    this.#drawIfLeading();
  }

  /** Makes the block of a round that is over. A door that leads no more, or does not know yet that the block is there, writes nothing. */
  #drawIfLeading(): void {
    const lead = this.#lead;
    const { closed } = this.#state;
    const { tip } = this.#options.chain;
    if (lead === undefined || closed?.pool === undefined || tip?.index !== closed.index - 1) return;
    this.#draw(lead, closed, tip).catch((error: unknown) => {
      this.#failure ??= error;
      this.#ending.abort();
    });
  }

  async #draw({ proposer, leadership }: Lead, { pool, timestamp, position }: ClosedRound, tip: Tip): Promise<void> {
    if (pool === undefined) return;
    const { text } = await proposer.buildAt(timestamp, tip, pool);
    await this.#control({ kind: 'block', text }, position, leadership);
  }

  /** Writes a control entry, until it is known whether that was possible. What became of it comes from the log. */
  async #control(entry: Parameters<OrderedLog['control']>[0], after: number, leadership: Leadership): Promise<void> {
    const { log } = this.#options;
    const { signal } = this.#ending;
    while (!signal.aborted && !leadership.lost.aborted) {
      if ((await log.control(entry, after, leadership)) !== 'unknown') return;
    }
  }

  /** Stores a block that stands in the log, with the pool that its round has by the log, and tells of it. */
  async #takeBlock({ index, text, closed }: Extract<Outcome, { readonly kind: 'block' }>): Promise<void> {
    const { chain } = this.#options;
    const round = this.#round - 1;
    if (index <= chain.height) return;
    if (closed?.pool === undefined || index > chain.height + 1) {
      throw new Error(`the log does not go back to the pool of block ${chain.height + 1}`);
    }
    const { tip } = chain;
    const parsed = tip === undefined ? undefined : parseSealedBlock(parseExact(text), tip.form);
    if (parsed === undefined || 'why' in parsed || !isDrawn(parsed.value))
      throw new Error(`block ${index} in the log is none`);
    const stored = { block: parsed.value, text, body: closed.pool.candidates };
    await this.#accept(stored, () => this.#details(round, stored));
  }

  #details(round: number, { body = [] }: StoredBlock): CommitDetails {
    this.#lateDraws.look(round);
    this.#lateDraws.settle(round);
    return { round, receipts: new TicketReceipts(body) };
  }

  async #accept(stored: StoredBlock, details: () => CommitDetails): Promise<void> {
    const fault = await this.#options.chain.accept(stored, details);
    if (fault !== undefined)
      throw new Error(`block ${fault.index} of the log breaks the rule ${fault.rule}: ${fault.why}`);
  }

  /** Leads whenever it is this door's turn. */
  async #campaign(stopping: AbortSignal): Promise<void> {
    const { log, chain, openProposer } = this.#options;
    const first = chain.tip;
    if (first === undefined || (await openProposer(first)) === undefined) return;
    while (!stopping.aborted) {
      const leadership = await log.campaign(stopping);
      if (leadership === undefined) return;
      const { tip } = chain;
      const proposer = tip === undefined ? undefined : await openProposer(tip);
      if (proposer !== undefined) await this.#leadRounds(leadership, proposer, stopping);
      await leadership.resign();
    }
  }

  async #leadRounds(leadership: Leadership, proposer: LotteryProposer, stopping: AbortSignal): Promise<void> {
    const { clock, intervalMs, blockSettled } = this.#options;
    const schedule: RoundSchedule = new RoundSchedule({
      clock,
      intervalMs,
      roundDue: (dueMs) => this.#lateDraws.expect(this.#round, dueMs),
      settled: blockSettled,
    });
    const stop = (): void => {
      schedule.stop();
      this.#roundSettled();
    };
    for (const signal of [leadership.lost, stopping]) signal.addEventListener('abort', stop, { once: true });
    this.#lead = { leadership, proposer, schedule };
    // The grid goes on from the round that is open.
    schedule.start(this.#roundBeganMs);
    if (this.#state.isPaused) schedule.pause();
    if (leadership.lost.aborted || stopping.aborted) stop();
    try {
      this.#drawIfLeading();
      for await (const moment of schedule.moments()) {
        if (moment.kind === 'round over') await this.#closeRound(leadership);
        else await this.#options.chain.verifyPlace();
      }
    } finally {
      this.#lead = undefined;
      for (const signal of [leadership.lost, stopping]) signal.removeEventListener('abort', stop);
    }
  }

  /** Ends the open round, and waits until its block is stored, or it was empty, or this door leads no more. */
  async #closeRound(leadership: Leadership): Promise<void> {
    const { clock, chain } = this.#options;
    const settled = new Promise<void>((resolve) => {
      this.#roundSettled = resolve;
    });
    if (this.#state.closed === undefined) {
      const now = clock.timestamp();
      const before = chain.tip?.timestamp ?? now;
      // The wall clocks of doors differ; the chain's time never goes back (SPEC 4).
      const timestamp = now < before ? before : now;
      await this.#control(
        { kind: 'closed', index: this.#state.index, timestamp },
        this.#state.controlPosition,
        leadership,
      );
    }
    if (!leadership.lost.aborted && !this.#ending.signal.aborted) await settled;
  }
}
