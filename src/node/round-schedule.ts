import { IntervalTicker } from './interval-ticker.ts';
import type { Clock } from './ports.ts';

export interface RoundScheduleOptions {
  readonly clock: Clock;
  /** A round. */
  readonly intervalMs: number;
  /** From one broadcast of the whole chain to the next. */
  readonly broadcastIntervalMs: number;
  /** The open round was to end on the grid at `dueMs`, and ends as soon as the asker of `moments` comes to it. */
  readonly roundDue: (dueMs: number) => void;
  /** Everybody is to be sent the chain now. */
  readonly chainDue: () => void;
}

/** What the grid of rounds, or the operator, has brought about. */
export type Moment =
  /** A round is over. `dueMs` is the first moment of the grid at which it was to end; undefined when the operator ended it. */
  | { readonly kind: 'round over'; readonly dueMs: number | undefined }
  /** A round would have ended on the grid if rounds were not paused. */
  | { readonly kind: 'paused' };

/** When rounds end, and when chains are due: two grids, and what the operator says. */
export class RoundSchedule {
  readonly #options: RoundScheduleOptions;
  #rounds: IntervalTicker | undefined;
  #broadcasts: IntervalTicker | undefined;
  /** How many moments of the grid of rounds had passed when a round was closed last. */
  #closedAt = 0;
  /** The first moment of the grid at which the open round was to end; undefined before it is. */
  #dueMs: number | undefined;
  #isPaused = false;
  #isStopped = false;
  #isRoundOver = false;
  /** A moment of the grid has passed while rounds are paused. */
  #hasPassedPaused = false;
  /** A round is over, and whoever asked for it is not done with it yet. */
  #isClosing = false;
  #isChainDue = false;
  #wake: () => void = () => undefined;

  constructor(options: RoundScheduleOptions) {
    this.#options = options;
  }

  /** Begins the first round. */
  start(): void {
    const { clock, intervalMs, broadcastIntervalMs } = this.#options;
    const startMs = clock.monotonicMs();
    this.#rounds = new IntervalTicker(clock, startMs, intervalMs, (dueMs) => this.#endRound(dueMs));
    // Half a round early: a chain that came right after a winner would push it off people's screens. Not before the first draw, though.
    const earlyMs = broadcastIntervalMs >= 1.5 * intervalMs ? intervalMs / 2 : 0;
    this.#broadcasts = new IntervalTicker(clock, startMs - earlyMs, broadcastIntervalMs, () =>
      this.#endBroadcastInterval(),
    );
  }

  /** No round ends any more. */
  stop(): void {
    this.#isStopped = true;
    this.#rounds?.stop();
    this.#broadcasts?.stop();
    this.#wake();
  }

  /** Yields as each round is over, or would be. Rounds that end while the asker is busy with one make one late one after it. */
  async *moments(): AsyncGenerator<Moment> {
    while (!this.#isStopped) {
      if (this.#isRoundOver) {
        const dueMs = this.#dueMs;
        this.#isRoundOver = false;
        this.#dueMs = undefined;
        this.#closedAt = this.#rounds?.passed ?? 0;
        this.#isClosing = true;
        yield { kind: 'round over', dueMs };
        this.#isClosing = false;
        this.#tellChain();
      } else if (this.#hasPassedPaused) {
        this.#hasPassedPaused = false;
        yield { kind: 'paused' };
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  /** Milliseconds until the open round ends on the grid; 0 when it is late. */
  get remainingMs(): number {
    return this.#rounds?.remainingMs ?? this.#options.intervalMs;
  }

  /** Milliseconds until the open round ends; 0 when that is due already, undefined while rounds are paused. */
  get untilDrawMs(): number | undefined {
    if (this.#isRoundOver) return 0;
    return this.#isPaused ? undefined : this.remainingMs;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Rounds do not end on the grid until `resume`. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  /** Ends the round now instead of on the grid. The grid stays as it is. */
  endRoundNow(): void {
    this.#isRoundOver = true;
    this.#wake();
  }

  #endRound(dueMs: number): void {
    // A draw that was late because of the disk may already have closed the round for a tick that is late, too.
    const isClosed = this.#rounds?.passed === this.#closedAt;
    if (!this.#isPaused && !isClosed) {
      this.#dueMs ??= dueMs;
      this.#options.roundDue(dueMs);
      this.endRoundNow();
    }
    if (this.#isPaused) {
      this.#hasPassedPaused = true;
      this.#wake();
    }
    this.#tellChain();
  }

  #endBroadcastInterval(): void {
    this.#isChainDue = true;
    this.#tellChain();
  }

  /** A chain that is due when a round ends comes after the draw: people expect to see in it the block that was just announced. */
  #tellChain(): void {
    const isRoundEnding = this.#isRoundOver || this.#isClosing || this.#rounds?.remainingMs === 0;
    if (!this.#isChainDue || isRoundEnding) return;
    this.#isChainDue = false;
    this.#options.chainDue();
  }
}
