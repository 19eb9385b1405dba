import { ClassicLevel } from 'classic-level';
import { parseExact } from '../core/form.ts';
import type { Candidate } from '../core/pool.ts';
import { keyOf } from './level-store.ts';
import { decodePool } from './pool-text.ts';

/** What can still be read of a damaged database. It works on a copy: opening and repairing one writes to it. */
export class SalvagedStore {
  readonly #level: ClassicLevel<string, string>;

  private constructor(level: ClassicLevel<string, string>) {
    this.#level = level;
  }

  /** Opens the copy, after LevelDB's own repair: that puts together whatever its files still hold, even when their list is gone. */
  static async open(directory: string): Promise<SalvagedStore> {
    await ClassicLevel.repair(directory);
    const level = new ClassicLevel<string, string>(directory);
    await level.open();
    return new SalvagedStore(level);
  }

  /** The JSON value of block `index`, undefined when it cannot be read. Whether it holds is for others to say. */
  async block(index: number): Promise<unknown> {
    const text = await this.#get('block', index);
    return text === undefined ? undefined : parseExact(text);
  }

  /** The pool that block `index` was drawn from, undefined when it cannot be read. */
  async pool(index: number): Promise<readonly Candidate[] | undefined> {
    const text = await this.#get('pool', index);
    try {
      return text === undefined ? undefined : decodePool(text);
    } catch {
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.#level.close();
  }

  async #get(kind: 'block' | 'pool', index: number): Promise<string | undefined> {
    try {
      return await this.#level.get(keyOf(kind, index));
    } catch {
      return undefined;
    }
  }
}
