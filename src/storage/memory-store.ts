import { runToEnd } from '../base/run-to-end.ts';
import type { StoredBlock } from '../consensus/engine.ts';
import type { Candidate } from '../core/pool.ts';
import type { BlockStore, ResumableSession, ResumableSessionStore } from '../node/ports.ts';
import { HashIndex } from './hash-index.ts';
import { encodePool } from './pool-codec.ts';

/** Keeps blocks and pools in memory: for simulations, and for a server that is only tried out. */
export class MemoryStore implements BlockStore, ResumableSessionStore {
  readonly #blocks: string[] = [];
  readonly #pools: (readonly Candidate[] | undefined)[] = [];
  readonly #hashes = new HashIndex((first) => this.blocks(first));
  readonly #sessions = new Map<string, ResumableSession>();

  get height(): number {
    return this.#blocks.length - 1;
  }

  async *blocks(first = 0): AsyncGenerator<readonly string[]> {
    yield this.#blocks.slice(first);
  }

  async block(index: number): Promise<string | undefined> {
    return this.#blocks[index];
  }

  async blockByHash(hash: string): Promise<string | undefined> {
    const index = await this.#hashes.find(hash);
    return index === undefined ? undefined : this.block(index);
  }

  async blockRange(first: number, last: number): Promise<readonly string[]> {
    return this.#blocks.slice(first, last + 1);
  }

  async append(...stored: readonly StoredBlock[]): Promise<void> {
    for (const [place, { block }] of stored.entries()) {
      const next = this.#blocks.length + place;
      if (block.Index !== next) throw new Error(`block ${block.Index} does not follow the ${next} that are stored`);
    }
    for (const { text, body } of stored) {
      this.#blocks.push(text);
      this.#pools.push(body === undefined ? undefined : [...body]);
    }
  }

  async verifyPlace(): Promise<void> {
    // Memory cannot be moved or removed.
  }

  async pool(index: number): Promise<readonly Candidate[] | undefined> {
    return this.#pools[index];
  }

  async poolText(index: number): Promise<string | undefined> {
    const pool = this.#pools[index];
    return pool === undefined ? undefined : runToEnd(encodePool(pool)).toString('latin1');
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

  async sessionsSynced(): Promise<void> {
    // Memory needs no sync.
  }
}
