import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { parseExact } from '../core/parse-block.ts';
import type { Candidate } from '../core/pool.ts';
import { keyOf, valueAt } from './level-value.ts';
import { decodePool, leftOut } from './pool-codec.ts';
import { findTableDamage, wholeEntries } from './table-file.ts';

/** What can still be read of a damaged database. It works on a copy: opening and repairing one writes to it. */
export class SalvageStore {
  readonly #level: ClassicLevel<string, string>;

  private constructor(level: ClassicLevel<string, string>) {
    this.#level = level;
  }

  /**
   * Opens the copy, after LevelDB's own repair: that puts together whatever its files still hold, even when their list is gone. Tables that are
   * damaged are kept away from it, as it believes what they say; their whole blocks are added afterwards. No key ever had two values but those of
   * seats, which do not matter here.
   */
  static async open(directory: string): Promise<SalvageStore> {
    const tables = readdirSync(directory).filter((name) => name.endsWith('.ldb'));
    const damaged = tables.map((name) => join(directory, name)).filter((file) => findTableDamage(file) !== undefined);
    for (const file of damaged) renameSync(file, `${file}.damaged`);
    await ClassicLevel.repair(directory);
    const level = new ClassicLevel<string, string>(directory);
    await level.open();
    for (const file of damaged) {
      for (const [key, value] of wholeEntries(`${file}.damaged`)) await level.put(key, value);
    }
    return new SalvageStore(level);
  }

  /** The JSON value of block `index`, undefined when it cannot be read. Whether it holds is for others to say. */
  async block(index: number): Promise<unknown> {
    const text = await this.#get('block', index);
    return text === undefined ? undefined : parseExact(text);
  }

  /** The pool that block `index` was drawn from, undefined when it cannot be read; 'left out' when an earlier repair could not. */
  async pool(index: number): Promise<readonly Candidate[] | 'left out' | undefined> {
    const text = await this.#get('pool', index);
    if (text === leftOut) return 'left out';
    try {
      return text === undefined ? undefined : decodePool(text, index);
    } catch {
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.#level.close();
  }

  async #get(kind: 'block' | 'pool', index: number): Promise<string | undefined> {
    try {
      return await valueAt(this.#level, keyOf(kind, index));
    } catch {
      return undefined;
    }
  }
}
