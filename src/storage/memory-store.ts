import type { Block } from '../core/block.ts';
import type { Candidate } from '../core/pool.ts';
import type { BlockStore, ResumableSession, ResumableSessionStore } from '../node/ports.ts';

/** Keeps blocks and pools in memory: for simulations, and for a server that is only tried out. */
export class MemoryStore implements BlockStore, ResumableSessionStore {
  readonly #blocks: string[] = [];
  readonly #pools: (readonly Candidate[])[] = [];
  readonly #sessions = new Map<string, ResumableSession>();

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
    // Memory cannot be moved or removed.
  }

  /** The pool that block `index` was drawn from, in drawing order; undefined when there is no such block. */
  async pool(index: number): Promise<readonly Candidate[] | undefined> {
    return this.#pools[index];
  }

  async sessions(): Promise<readonly ResumableSession[]> {
    return [...this.#sessions.values()];
  }

  saveSession(session: ResumableSession): void {
    this.#sessions.set(session.codeHash, session);
  }

  removeSession(codeHash: string): void {
    this.#sessions.delete(codeHash);
  }

  async seatsSynced(): Promise<void> {
    // Memory needs no sync.
  }
}
