import type { Block } from '../core/block.ts';
import type { Candidate } from '../core/pool.ts';
import type { BlockStore, ResumableSession, ResumableSessionStore } from '../node/ports.ts';

/** Keeps blocks and pools for as long as the process lives: for simulations, and for a server that is only tried out. */
export class MemoryStore implements BlockStore, ResumableSessionStore {
  readonly #blocks: string[] = [];
  readonly #pools: (readonly Candidate[])[] = [];
  readonly #seats = new Map<string, ResumableSession>();

  async *blocks(): AsyncGenerator<readonly string[]> {
    yield [...this.#blocks];
  }

  async append(block: Block, pool: readonly Candidate[]): Promise<void> {
    if (block.Index !== this.#blocks.length) {
      throw new Error(`block ${block.Index} does not follow the ${this.#blocks.length} that are stored`);
    }
    this.#blocks.push(JSON.stringify(block));
    this.#pools.push([...pool]);
  }

  async verifyPlace(): Promise<void> {
    // Memory stays where it is.
  }

  /** The pool that block `index` was drawn from, in drawing order; undefined when there is no such block. */
  async pool(index: number): Promise<readonly Candidate[] | undefined> {
    return this.#pools[index];
  }

  async sessions(): Promise<readonly ResumableSession[]> {
    return [...this.#seats.values()];
  }

  saveSession(seat: ResumableSession): void {
    this.#seats.set(seat.codeHash, seat);
  }

  removeSession(codeHash: string): void {
    this.#seats.delete(codeHash);
  }

  async seatsSynced(): Promise<void> {
    // What lives as long as the process is as safe as it gets at once.
  }
}
