import { inTurns } from '../../base/run-to-end.ts';
import type { Candidate, FrozenPool } from '../../core/pool.ts';
import type { CommitDetails, Engine, EnginePorts, EngineStatus, Proposal, StoredBlock } from '../engine.ts';
import type { Tip } from '../verifier.ts';
import { BeaconWait } from './beacon-wait.ts';
import { LateDraws } from './late-draws.ts';
import type { LotteryProposer } from './lottery-proposer.ts';
import { OpenRound } from './open-round.ts';
import { RoundSchedule } from './round-schedule.ts';
import { readSealed, type SealedDraw, sealedIndex, sealedText } from './sealed-draw.ts';
import { poolWithStakes } from './stake-pool.ts';
import { TicketReceipts } from './ticket-receipts.ts';

export interface LotteryEngineOptions extends EnginePorts {
  readonly proposer: LotteryProposer;
  /** A round. */
  readonly intervalMs: number;
}

/** The round of a pool that was sealed before the server was stopped: none of this run. */
const resumedRound = -1;

/**
 * The lottery: candidates pass through the queue into the pool, and at the end of every round `pickWinner` closes the pool and draws. All moving
 * state is here and changes between two awaits only.
 */
export class LotteryEngine implements Engine {
  readonly #options: LotteryEngineOptions;
  readonly #schedule: RoundSchedule;
  readonly #lateDraws: LateDraws;
  readonly #open = new OpenRound();
  /** In a lottery with beacons. */
  readonly #beacons: BeaconWait | undefined;
  #stopping = new AbortController().signal;
  /** True from the moment a pool is frozen until its block is stored: what is proposed then is for the block after it. */
  #isDrawing = false;

  constructor(options: LotteryEngineOptions) {
    const { clock, intervalMs, listener, blockSettled } = options;
    this.#options = options;
    this.#schedule = new RoundSchedule({
      clock,
      intervalMs,
      roundDue: (dueMs) => this.#lateDraws.expect(this.#open.number, dueMs),
      settled: blockSettled,
    });
    this.#lateDraws = new LateDraws({
      clock,
      isOwed: (round) => this.#isOwed(round),
      late: (round) => {
        const awaited = round === this.#open.number ? [] : (this.#beacons?.markLate() ?? []);
        const index = this.#indexOf(round);
        listener.onEvent({ kind: 'late', round, index, ...(awaited.length === 0 ? {} : { awaited }) });
      },
    });
    this.#beacons = openBeacons(options);
  }

  async run(stopping: AbortSignal): Promise<void> {
    this.#stopping = stopping;
    const stop = (): void => this.#stop();
    stopping.addEventListener('abort', stop, { once: true });
    this.#schedule.start();
    if (stopping.aborted) stop();
    try {
      await Promise.all([this.#open.fill(), this.#drawRounds()]);
    } finally {
      stop();
    }
  }

  /** Takes a validator's candidate into the open round, if it is the first one there. */
  propose(validator: string, payload: number): Proposal {
    const { stakes, listener } = this.#options;
    const stake = stakes.stakeOf(validator);
    const round = this.#open.number;
    const index = this.#indexOf(round);
    if (this.#open.has(validator)) return { kind: 'already', index, round };
    if (stake < 1n) return { kind: 'no stake' };
    const candidate = { validator, stake, payload, ...this.#signature(validator, index, payload) };
    if (!this.#open.add(candidate)) return { kind: 'full' };
    listener.onEvent({ kind: 'proposed', candidate, index });
    // The first candidate of a round whose end has passed makes its draw a late one.
    this.#lateDraws.look(round);
    const outlook = {
      remainingMs: this.#schedule.untilDrawMs,
      tickets: stake,
      totalTickets: this.#open.totalStake,
    };
    return { kind: 'accepted', index, round, outlook };
  }

  isWaiting(validator: string): boolean {
    return this.#open.has(validator);
  }

  #signature(validator: string, index: number, payload: number): Pick<Candidate, 'signed'> {
    const { ledger } = this.#options;
    if (ledger === undefined) return {};
    return { signed: { index, signature: ledger.signCandidate(validator, index, payload).Signature } };
  }

  /** A pool that is frozen already is drawn as it is. */
  withdraw(validator: string): undefined {
    this.#open.withdraw(validator);
    return undefined;
  }

  /** The candidates of the open round, in the order in which they came. */
  candidates(): Iterable<Candidate> {
    return this.#open.pool.candidates();
  }

  /** The end of the round takes them. */
  transactionsWait(): void {}

  /** Ends the round now instead of on the grid. The grid stays as it is. */
  sealNow(): void {
    this.#lateDraws.expect(this.#open.number, this.#options.clock.monotonicMs());
    this.#schedule.endRoundNow();
  }

  /** Rounds do not end until `resume`; people may propose. */
  pause(): void {
    if (this.#schedule.isPaused) return;
    this.#schedule.pause();
    this.#options.listener.onEvent({ kind: 'paused', hasRounds: true });
  }

  resume(): void {
    if (!this.#schedule.isPaused) return;
    this.#schedule.resume();
    this.#options.listener.onEvent({ kind: 'resumed', remainingMs: this.#schedule.remainingMs });
  }

  get isBlockDue(): boolean {
    return this.#schedule.isRoundEnding;
  }

  status(): EngineStatus {
    const { pool } = this.#open;
    return {
      kind: 'lottery',
      candidates: pool.size,
      totalStake: pool.totalStake,
      remainingMs: this.#schedule.remainingMs,
      isPaused: this.#schedule.isPaused,
      isDrawing: this.#isDrawing,
      ...(this.#beacons?.status === undefined ? {} : { seal: this.#beacons.status }),
    };
  }

  #stop(): void {
    this.#schedule.stop();
    this.#lateDraws.stop();
    this.#open.stop();
  }

  /** One draw at a time. */
  async #drawRounds(): Promise<void> {
    const { chain } = this.#options;
    await chain.making(() => this.#resumeSealed());
    for await (const moment of this.#schedule.moments()) {
      if (moment.kind === 'round over') await chain.making(() => this.#pickWinner(moment.dueMs));
      // A chain that is gone is noticed within a round, whether there are draws or not.
      else await chain.verifyPlace();
    }
  }

  async #pickWinner(dueMs: number | undefined): Promise<void> {
    const { chain, proposer, listener, candidatesTaken, ledger } = this.#options;
    const round = this.#open.number;
    const closed = this.#open.close();
    const transactions = ledger?.freeze();
    candidatesTaken();
    if (closed.candidates.length === 0 && transactions?.isAny !== true) {
      await this.#endEmpty(round);
      return;
    }
    // Freeze, then reveal: the secret is not touched before the pool is closed. Store, then tell: people never hear of a
    // block that a crash could take back.
    this.#isDrawing = true;
    listener.onEvent({ kind: 'drawing', round, index: chain.height + 1 });
    const { tip } = chain;
    if (tip === undefined) throw new Error('a chain without a genesis cannot be extended');
    const draft = await transactions?.draft();
    const staked =
      ledger === undefined || draft === undefined
        ? undefined
        : await inTurns(this.#options.clock, poolWithStakes(closed, draft, ledger));
    const { pool, leftOut = [] } = staked ?? { pool: closed };
    if (pool.candidates.length === 0) {
      this.#isDrawing = false;
      await this.#endEmpty(round, leftOut);
      return;
    }
    const withLedger =
      staked === undefined || draft === undefined ? undefined : { draft, candidates: staked.candidates };
    const end = (): CommitDetails => this.#endDraw(round, pool, dueMs, leftOut);
    if (this.#beacons === undefined) {
      await this.#accept(await proposer.build(tip, pool, withLedger), end);
      return;
    }
    const draw = await proposer.seal(tip, pool, withLedger);
    // Kept, then told: a restart goes on with this very pool.
    await chain.keepSealedPool(sealedText(draw));
    await this.#drawSealed(tip, draw, round, end);
  }

  /** Goes on with the pool that was sealed before the server was stopped. */
  async #resumeSealed(): Promise<void> {
    const { chain, clock, ledger } = this.#options;
    const { tip } = chain;
    const text = this.#beacons === undefined ? undefined : await chain.sealedPool();
    if (tip === undefined || text === undefined || sealedIndex(text) !== tip.index + 1) return;
    this.#isDrawing = true;
    const draw = await readSealed(clock, text, ledger);
    await this.#drawSealed(tip, draw, resumedRound, () => {
      const { round: _, ...details } = this.#endDraw(resumedRound, draw.pool, undefined, []);
      return details;
    });
  }

  /** Draws a sealed pool once its beacons have spoken. When the engine is stopped before, the pool stays kept. */
  async #drawSealed(tip: Tip, draw: SealedDraw, round: number, end: () => CommitDetails): Promise<void> {
    const { clock, proposer } = this.#options;
    const wait = this.#beacons;
    if (wait === undefined) throw new Error('a lottery without beacons seals nothing');
    const untilMs = wait.begin(draw);
    // The draw is due now when the last round is published, and not at the end of the round any more.
    this.#lateDraws.settle(round);
    this.#lateDraws.expect(round, clock.monotonicMs() + untilMs);
    const rounds = await wait.heard(this.#stopping);
    if (rounds !== undefined) await this.#accept(await proposer.buildSealed(tip, draw, rounds), end);
    wait.end();
  }

  async #accept(stored: StoredBlock, end: () => CommitDetails): Promise<void> {
    const fault = await this.#options.chain.accept(stored, end);
    if (fault !== undefined) throw new Error(`built block ${fault.index} breaks the rule ${fault.rule}: ${fault.why}`);
  }

  async #endEmpty(round: number, leftOut: readonly string[] = []): Promise<void> {
    const { chain, listener } = this.#options;
    this.#lateDraws.settle(round);
    listener.onEvent({ kind: 'empty', round, ...(leftOut.length === 0 ? {} : { leftOut }) });
    await chain.verifyPlace();
  }

  /** The block of a round is stored, and about to be told. */
  #endDraw(round: number, pool: FrozenPool, dueMs: number | undefined, leftOut: readonly string[]): CommitDetails {
    // After a stall the block may be stored before the timer that looks whether it is late.
    this.#lateDraws.look(round);
    this.#lateDraws.settle(round);
    this.#isDrawing = false;
    const receipts = new TicketReceipts(pool.candidates);
    const { clock } = this.#options;
    return {
      round,
      receipts,
      ...(leftOut.length === 0 ? {} : { leftOut }),
      ...(dueMs === undefined ? {} : { lateMs: clock.monotonicMs() - dueMs }),
    };
  }

  /** The block of the round that is open or being drawn. */
  #indexOf(round: number): number {
    return this.#options.chain.height + (this.#isDrawing && round === this.#open.number ? 2 : 1);
  }

  /** Whether a round that was to end has a draw that people wait for without having heard why. */
  #isOwed(round: number): boolean {
    return round === this.#open.number ? this.#open.totalStake > 0n : !this.#options.chain.hasWaited;
  }
}

/** What waits for the beacons of the chain; undefined where it has none. */
function openBeacons({ clock, listener, proposer, beacons }: LotteryEngineOptions): BeaconWait | undefined {
  if (proposer.beacons.length === 0) return undefined;
  if (beacons === undefined)
    throw new Error('the draws of this chain wait for beacons, and there is nothing that asks them');
  return new BeaconWait({ clock, listener, beacons }, proposer.beacons);
}
