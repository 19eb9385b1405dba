import { join } from 'node:path';
import type { ClassicLevel } from 'classic-level';
import { DamageError } from '../node/ports.ts';
import { reason } from '../platform/disk-full.ts';
import { leftOut } from './pool-codec.ts';
import { findTableDamage } from './table-file.ts';

/** The database, with its keys and values as texts. */
export type Level = ClassicLevel<string, string>;

/** Where a block and its pool stand in the database. */
export function keyOf(kind: 'block' | 'pool', index: number): string {
  return `${kind}/${String(index).padStart(12, '0')}`;
}

/**
 * The value of a key, undefined when there is none. Rejects with LevelDB's error where it cannot be read. An iterator reads it, as `get` asks the
 * filter of a table first, and one flipped bit in a filter hides what is there.
 */
export async function valueAt(level: Level, key: string): Promise<string | undefined> {
  const [value] = await level.values({ gte: key, lte: key, limit: 1 }).all();
  return value;
}

/**
 * The JSON text of the pool that a stored block was drawn from; undefined where a repair left it out. Throws a DamageError when it cannot be
 * read, and when it is not there: it was stored in one write with its block.
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
  return text === leftOut ? undefined : text;
}

/**
 * The first table of an open database that is damaged, and how, in words; undefined when all are whole. LevelDB tells which tables count: others
 * may be left of an end in the middle of writing them.
 */
export function findDamagedTable(level: Level): string | undefined {
  for (const [, number = ''] of level.getProperty('leveldb.sstables').matchAll(/^ (\d+):\d+\[/gm)) {
    const name = `${number.padStart(6, '0')}.ldb`;
    try {
      const damage = findTableDamage(join(level.location, name));
      if (damage !== undefined) return `the table ${name} of the store is damaged: ${damage}`;
    } catch (error) {
      // LevelDB has just put another table in its place.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return undefined;
}
