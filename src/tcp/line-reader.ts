import { RateLimiter } from '../base/rate-limiter.ts';
import type { Count, Counters } from './counters.ts';
import { LineDecoder, type lineTooLong } from './line-decoder.ts';
import type { SocketLike } from './send-buffer.ts';

/** What a line reader needs. */
export interface LineReaderOptions {
  readonly socket: SocketLike;
  readonly linesPerSecond: number;
  readonly wakeAt: (monotonicMs: number, wake: () => void) => () => void;
  readonly counters: Counters<Count>;
  /** Called when the rate limit allows a line again. */
  readonly again: () => void;
}

/**
 * The receiving side of one connection: bytes become lines, and these are taken only as fast as the rate limit allows and the other
 * side reads the answers. Meanwhile the socket is not read, so nothing is lost and nothing piles up.
 */
export class LineReader {
  readonly #options: LineReaderOptions;
  readonly #decoder = new LineDecoder();
  readonly #rateLimiter: RateLimiter;
  #isHeld = false;
  #hasEnded = false;
  #cancelWake: (() => void) | undefined;

  constructor(options: LineReaderOptions) {
    this.#options = options;
    this.#rateLimiter = new RateLimiter(options.linesPerSecond);
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
   * The next line; undefined when there is none, or when none may be taken now. `again` is called when the rate limit allows one. After
   * `isReaderBehind`, the caller asks again when the other side has read.
   */
  next(nowMs: number, isReaderBehind: boolean): string | typeof lineTooLong | undefined {
    const waitMs = this.#rateLimiter.waitMs(nowMs);
    if (waitMs > 0 || isReaderBehind) {
      this.#hold(waitMs > 0 ? nowMs + waitMs : undefined);
      return undefined;
    }
    const line = this.#decoder.next() ?? (this.#hasEnded ? this.#decoder.finish() : undefined);
    if (line === undefined) {
      this.#release();
    } else {
      this.#rateLimiter.spend(nowMs);
      this.#options.counters.add('lines in');
    }
    return line;
  }

  /** Stops reading until the next line is asked for, because the last one is not answered yet. */
  hold(): void {
    this.#options.socket.pause();
    this.#isHeld = true;
  }

  /** Cancels the call of `again`: no line is asked for any more. */
  close(): void {
    this.#cancelWake?.();
    this.#cancelWake = undefined;
  }

  /** Stops reading until the next line is asked for, and has that done at a moment of the clock where one is given. */
  #hold(untilMs: number | undefined): void {
    const { socket, counters, wakeAt, again } = this.#options;
    if (!this.#isHeld) {
      socket.pause();
      counters.add(untilMs === undefined ? 'deaf slowed' : 'floods slowed');
    }
    this.#isHeld = true;
    if (untilMs === undefined || this.#cancelWake !== undefined) return;
    this.#cancelWake = wakeAt(untilMs, () => {
      this.#cancelWake = undefined;
      again();
    });
  }

  #release(): void {
    if (this.#isHeld) this.#options.socket.resume();
    this.#isHeld = false;
  }
}
