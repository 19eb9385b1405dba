import type { Clock } from '../consensus/clock.ts';
import { IntervalTicker } from '../consensus/interval-ticker.ts';

export interface ChainBroadcastOptions {
  readonly clock: Clock;
  /** From one broadcast of the whole chain to the next. */
  readonly intervalMs: number;
  /** From one block to the next; 0 where blocks come at any time. */
  readonly blockIntervalMs: number;
  /** A block is about to come. */
  readonly isBlockDue: () => boolean;
  /** The chain is to be broadcast now. */
  readonly chainDue: () => void;
}

/** When the whole chain goes to everybody: on a grid of its own, but not between the end of a round and the announcement of its block. */
export class ChainBroadcast {
  readonly #options: ChainBroadcastOptions;
  #ticker: IntervalTicker | undefined;
  #isDue = false;

  constructor(options: ChainBroadcastOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, intervalMs, blockIntervalMs } = this.#options;
    // Half a round early, because a chain right after an announcement would push it off people's screens. The first one comes after the first draw.
    const earlyMs = intervalMs >= 1.5 * blockIntervalMs ? blockIntervalMs / 2 : 0;
    this.#ticker = new IntervalTicker(clock, clock.monotonicMs() - earlyMs, intervalMs, () => {
      this.#isDue = true;
      this.tell();
    });
  }

  stop(): void {
    this.#ticker?.stop();
  }

  /** Broadcasts a chain that is due. Where a block is about to come it waits for that, because people expect the announced block in it. */
  tell(): void {
    const { isBlockDue, chainDue } = this.#options;
    if (!this.#isDue || isBlockDue()) return;
    this.#isDue = false;
    chainDue();
  }
}
