import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { parseExact } from '../core/exact-json.ts';
import type { Candidate } from '../core/pool.ts';
import { keyOf, type NumberedKind, valueAt } from './level-value.ts';
import { decodePool, lostPoolText } from './pool-codec.ts';
import { findTableDamage, wholeEntries } from './table-file.ts';

/** Reads what is left of a damaged database. It must be given a copy, because opening and repairing write to it. */
export class SalvageStore {
  readonly #level: ClassicLevel<string, string>;

  private constructor(level: ClassicLevel<string, string>) {
    this.#level = level;
  }

  /**
   * Opens the copy after LevelDB's own repair, which collects the records of all files even when their list is gone. Damaged tables are renamed
   * before the repair, because it does not check them; their intact blocks are added afterwards. The order of these does not matter: only the
   * keys of sessions ever had two values, and sessions are not salvaged.
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

  /** The JSON value of block `index`; undefined when it cannot be read. The block is not verified. */
  async block(index: number): Promise<unknown> {
    const text = await this.#get('block', index);
    return text === undefined ? undefined : parseExact(text);
  }

  /** The pool that block `index` was drawn from; undefined when it cannot be read; 'left out' when an earlier repair could not read it. */
  async pool(index: number): Promise<readonly Candidate[] | 'left out' | undefined> {
    const text = await this.#get('pool', index);
    if (text === lostPoolText) return 'left out';
    try {
      return text === undefined ? undefined : decodePool(text, index);
    } catch {
      return undefined;
    }
  }

  /** The JSON value of what the ledger of block `index` was judged by; undefined when it cannot be read. */
  async signedBody(index: number): Promise<unknown> {
    const text = await this.#get('body', index);
    return text === undefined ? undefined : parseExact(text);
  }

  /** The signature of the sealed pool of block `index`; undefined where there is none, or it cannot be read. */
  async seal(index: number): Promise<string | undefined> {
    return this.#get('seal', index);
  }

  async close(): Promise<void> {
    await this.#level.close();
  }

  async #get(kind: NumberedKind, index: number): Promise<string | undefined> {
    try {
      return await valueAt(this.#level, keyOf(kind, index));
    } catch {
      return undefined;
    }
  }
}
