import type { Count, Counters } from './counters.ts';
import { LineDecoder, type lineTooLong } from './line-decoder.ts';
import { RateLimiter } from './rate-limiter.ts';
import type { SocketLike } from './send-buffer.ts';

/** What an inbox needs besides its socket. */
interface LineReaderOptions {
  readonly wire: SocketLike;
  readonly linesPerSecond: number;
  readonly wakeAt: (monotonicMs: number, wake: () => void) => () => void;
  readonly tally: Counters<Count>;
  /** The budget allows a line again. */
  readonly again: () => void;
}

/**
 * The receiving side of one connection: bytes become lines, and these are taken only as fast as the budget allows and the reader takes
 * the answers. Meanwhile the socket is not read, so nothing is lost and nothing piles up.
 */
export class LineReader {
  readonly #options: LineReaderOptions;
  readonly #decoder = new LineDecoder();
  readonly #budget: RateLimiter;
  #isHeld = false;
  #hasEnded = false;
  #cancelWake: (() => void) | undefined;

  constructor(options: LineReaderOptions) {
    this.#options = options;
    this.#budget = new RateLimiter(options.linesPerSecond);
  }

  /** Bytes came in. */
  push(chunk: Buffer): void {
    this.#decoder.push(chunk);
  }

  /** The peer closed its side. */
  end(): void {
    this.#hasEnded = true;
  }

  /** Lines may wait here, and the socket is not read. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** All lines are taken, and no more will come. */
  get isOver(): boolean {
    return this.#hasEnded && !this.#isHeld;
  }

  /** The beginning of the line that is not complete yet. */
  get unfinished(): string {
    return this.#decoder.unfinished;
  }

  /**
   * The next line; undefined when there is none, or none may be taken now. It is `again` that says when the budget allows one; when the
   * reader was too slow, its owner must ask again.
   */
  next(nowMs: number, isReaderBehind: boolean): string | typeof lineTooLong | undefined {
    const waitMs = this.#budget.waitMs(nowMs);
    if (waitMs > 0 || isReaderBehind) {
      this.#hold(waitMs > 0 ? nowMs + waitMs : undefined);
      return undefined;
    }
    const line = this.#decoder.next() ?? (this.#hasEnded ? this.#decoder.finish() : undefined);
    if (line === undefined) {
      this.#release();
    } else {
      this.#budget.spend(nowMs);
      this.#options.tally.add('lines in');
    }
    return line;
  }

  /** Stops reading until it is asked again: the last line is not answered yet. */
  hold(): void {
    this.#options.wire.pause();
    this.#isHeld = true;
  }

  /** No line will be asked for any more. */
  close(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
  }

  /** Stops reading until it is asked again, or until a moment of the clock. */
  #hold(untilMs: number | undefined): void {
    const { wire, tally, wakeAt, again } = this.#options;
    if (!this.#isHeld) {
      wire.pause();
      tally.add(untilMs === undefined ? 'deaf slowed' : 'floods slowed');
    }
    this.#isHeld = true;
    if (untilMs === undefined || this.#cancelWake !== undefined) return;
    this.#cancelWake = wakeAt(untilMs, () => {
      this.#cancelWake = undefined;
      again();
    });
  }

  #release(): void {
    if (this.#isHeld) this.#options.wire.resume();
    this.#isHeld = false;
  }
}
