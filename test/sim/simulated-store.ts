import type { Block } from '../../src/core/block.ts';
import type { Candidate } from '../../src/core/pool.ts';
import type { BlockStore } from '../../src/engine/ports.ts';
import { MemoryStore } from '../../src/store/memory-store.ts';
import type { Dice } from './dice.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** A store whose disk takes its time, now and then longer than a round. What it holds outlives the server. */
export class SimulatedStore implements BlockStore {
  readonly #memory = new MemoryStore();
  readonly #clock: SimulatedClock;
  readonly #dice: Dice;
  readonly #intervalMs: number;
  /** The index of the last block that is stored; -1 when there is none. */
  height = -1;

  constructor(clock: SimulatedClock, dice: Dice, intervalMs: number) {
    this.#clock = clock;
    this.#dice = dice;
    this.#intervalMs = intervalMs;
  }

  blocks(): AsyncIterable<readonly string[]> {
    return this.#memory.blocks();
  }

  async append(block: Block, pool: readonly Candidate[]): Promise<void> {
    const delayMs = this.#dice.roll(this.#dice.once(20) ? 3 * this.#intervalMs : 50);
    // The genesis is stored before anybody lets time pass.
    if (block.Index > 0) {
      await new Promise<void>((resolve) => this.#clock.wakeAt(this.#clock.monotonicMs() + delayMs, resolve));
    }
    await this.#memory.append(block, pool);
    this.height = block.Index;
  }

  /** All stored blocks as JSON values. */
  async chain(): Promise<readonly unknown[]> {
    const chain: unknown[] = [];
    for await (const batch of this.blocks()) for (const text of batch) chain.push(JSON.parse(text));
    return chain;
  }

  async pool(index: number): Promise<readonly Candidate[]> {
    return (await this.#memory.pool(index)) ?? [];
  }
}
