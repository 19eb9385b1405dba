import { join } from 'node:path';
import type { ClassicLevel } from 'classic-level';
import { DamageError } from '../node/ports.ts';
import { reason } from '../platform/disk-full.ts';
import { lostPoolText } from './pool-codec.ts';
import { findTableDamage } from './table-file.ts';

/** The database, with its keys and values as texts. */
export type Level = ClassicLevel<string, string>;

/** What is numbered in a database: blocks, and what lies beside them; accounts in the order of their creation. */
export type NumberedKind = 'block' | 'pool' | 'body' | 'seal' | 'account';

/** The database key of a block, of what lies beside it, or of an account. */
export function keyOf(kind: NumberedKind, index: number): string {
  return `${kind}/${String(index).padStart(12, '0')}`;
}

/**
 * The value of a key; undefined when the key does not exist. Rejects with LevelDB's error when it cannot be read. Uses an iterator, because `get`
 * consults the filter of a table first, and one flipped bit in a filter hides an existing key.
 */
export async function valueAt(level: Level, key: string): Promise<string | undefined> {
  const [value] = await level.values({ gte: key, lte: key, limit: 1 }).all();
  return value;
}

/**
 * The JSON text of the pool that a stored block was drawn from; undefined when a repair lost it. Throws a DamageError when it cannot be read, and
 * when it does not exist, because it was stored in one write with its block.
 */
export async function readPoolText(level: Level, index: number): Promise<string | undefined> {
  let text: string | undefined;
  try {
    text = await valueAt(level, keyOf('pool', index));
  } catch (error) {
    throw new DamageError(`the pool of block ${index} cannot be read: ${reason(error)}`);
  }
  if (text === undefined) {
    throw new DamageError(`the pool of block ${index} is not there, though it was stored together with its block`);
  }
  return text === lostPoolText ? undefined : text;
}

/**
 * The JSON text of what the ledger of block `index` was judged by; undefined where nothing is stored, as in a chain without a ledger. Throws a
 * DamageError when it cannot be read.
 */
export async function readSignedBodyText(level: Level, index: number): Promise<string | undefined> {
  try {
    return await valueAt(level, keyOf('body', index));
  } catch (error) {
    throw new DamageError(`the transactions of block ${index} cannot be read: ${reason(error)}`);
  }
}

/** The signature of the sealed pool of block `index`; undefined where there is none. Throws a DamageError when it cannot be read. */
export async function readSeal(level: Level, index: number): Promise<string | undefined> {
  try {
    return await valueAt(level, keyOf('seal', index));
  } catch (error) {
    throw new DamageError(`the seal of block ${index} cannot be read: ${reason(error)}`);
  }
}

/**
 * Describes the first damaged table of an open database; undefined when all are intact. LevelDB says which tables are in use: others may be
 * left over from a process that ended while it wrote them.
 */
export function findDamagedTable(level: Level): string | undefined {
  for (const [, number = ''] of level.getProperty('leveldb.sstables').matchAll(/^ (\d+):\d+\[/gm)) {
    const name = `${number.padStart(6, '0')}.ldb`;
    try {
      const damage = findTableDamage(join(level.location, name));
      if (damage !== undefined) return `the table ${name} of the store is damaged: ${damage}`;
    } catch (error) {
      // LevelDB has just replaced the table by another one.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return undefined;
}
