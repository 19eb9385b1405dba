import type { Clock } from '../clock.ts';
import { IntervalTicker } from '../interval-ticker.ts';

export interface RoundScheduleOptions {
  readonly clock: Clock;
  /** A round. */
  readonly intervalMs: number;
  /** The open round is due to end on the grid at `dueMs`. It ends when the reader of `moments` asks for the next one. */
  readonly roundDue: (dueMs: number) => void;
  /** A moment of the grid has passed, or a round that was over has been closed: `isRoundEnding` may have changed. */
  readonly settled: () => void;
}

/** What has come from the grid of rounds or from the operator. */
export type Moment =
  /** A round is over. `dueMs` is the first moment of the grid at which it was to end; undefined when the operator ended it. */
  | { readonly kind: 'round over'; readonly dueMs: number | undefined }
  /** A round would have ended on the grid if rounds were not paused. */
  | { readonly kind: 'paused' };

/** When rounds end: a grid, and what the operator says. */
export class RoundSchedule {
  readonly #options: RoundScheduleOptions;
  #rounds: IntervalTicker | undefined;
  /** How many moments of the grid of rounds had passed when a round was closed last. */
  #closedAt = 0;
  /** The first moment of the grid at which the open round was to end; undefined before it is. */
  #dueMs: number | undefined;
  #isPaused = false;
  #isStopped = false;
  #isRoundOver = false;
  /** A moment of the grid has passed while rounds are paused. */
  #hasPassedPaused = false;
  /** A round is over, and the reader of `moments` is still closing it. */
  #isClosing = false;
  #wake: () => void = () => undefined;

  constructor(options: RoundScheduleOptions) {
    this.#options = options;
  }

  /** Begins the first round, or goes on with one that began at `beganMs`. */
  start(beganMs: number = this.#options.clock.monotonicMs()): void {
    const { clock, intervalMs } = this.#options;
    this.#rounds = new IntervalTicker(clock, beganMs, intervalMs, (dueMs) => this.#endRound(dueMs));
  }

  /** No round ends any more. */
  stop(): void {
    this.#isStopped = true;
    this.#rounds?.stop();
    this.#wake();
  }

  /** Yields when a round is over, or would be if rounds were not paused. Rounds that end while the reader is busy make one late round after it. */
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
        this.#options.settled();
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

  /** A round is over and not closed yet, or is over now. */
  get isRoundEnding(): boolean {
    return this.#isRoundOver || this.#isClosing || this.#rounds?.remainingMs === 0;
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
    // When a draw was late because of the disk, the round of a late tick may have been closed already.
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
    this.#options.settled();
  }
}
