import type { PoolBeside } from '../../consensus/consensus.ts';
import { parsePool } from '../../core/parse-pool.ts';

/** A block with the pool that it was drawn from, as they were read. Nothing of them is checked yet. */
export interface ChainEntry {
  /** The JSON value; undefined when its text is not the one text that a block has. */
  readonly block: unknown;
  /** Undefined where the source has no pool of this block, a PoolDamage where the stored pool cannot be read. */
  pool(): Promise<PoolBeside | PoolDamage>;
}

/** Why a pool that was stored cannot be read: one printable line. */
export interface PoolDamage {
  readonly damage: string;
}

/** True for a pool that was stored and cannot be read. */
export function isDamage(pool: PoolBeside | PoolDamage): pool is PoolDamage {
  return typeof pool === 'object' && 'damage' in pool;
}

/** An entry of an export: a block, or a block with its pool and nothing else. */
export function entryOf(json: unknown): ChainEntry {
  if (typeof json !== 'object' || json === null || !('Block' in json))
    return { block: json, pool: async () => undefined };
  const pool = 'Pool' in json ? poolOf(json.Pool) : { why: 'its line has a Block, but no Pool' };
  // A pool under another name would pass for a missing one.
  const isWhole = /^Block(?:,Pool)?$/.test(Object.keys(json).join());
  return { block: isWhole ? json.Block : undefined, pool: async () => pool };
}

/** A pool, as far as the value is one. */
export function poolOf(json: unknown): PoolBeside {
  return parsePool(json) ?? { why: 'its pool is not an array of Validator, Stake and BPM alone' };
}
