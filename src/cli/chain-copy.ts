import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candidate } from '../core/pool.ts';
import { ChainError } from '../engine/ports.ts';
import { printable } from '../protocol/printable.ts';
import { LevelStore } from '../store/level-store.ts';
import { UsageError } from './verb.ts';

/** A chain as it was stored, block by block: not checked. */
export interface ChainCopy {
  readonly blocks: readonly unknown[];
  /** The pool that the last block was drawn from; empty when there is only a genesis. */
  readonly lastPool: readonly Candidate[];
}

/**
 * Reads the chain of a data directory without ever writing to it: a copy in the system's temporary directory is opened instead, so
 * the server may go on. Throws a UsageError when there is no chain, a ChainError when it is damaged.
 */
export async function readChainCopy(directory: string): Promise<ChainCopy> {
  if (!existsSync(join(directory, 'chain', 'CURRENT'))) {
    throw new UsageError(
      `there is no chain in ${printable(directory)}: name the DATA_DIR of a server, for example data`,
    );
  }
  const copy = mkdtempSync(join(tmpdir(), 'sortition-'));
  try {
    // The mark first: a block that is added between the two copies is then one more than was marked, and not one too few.
    if (existsSync(join(directory, 'tip'))) cpSync(join(directory, 'tip'), join(copy, 'tip'));
    cpSync(join(directory, 'chain'), join(copy, 'chain'), { recursive: true });
    return await readStore(copy);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ChainError(why.replaceAll(copy, printable(directory)));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

async function readStore(directory: string): Promise<ChainCopy> {
  const store = await LevelStore.open(directory);
  try {
    const blocks: unknown[] = [];
    for await (const batch of store.blocks()) for (const text of batch) blocks.push(JSON.parse(text));
    return { blocks, lastPool: (await store.pool(blocks.length - 1)) ?? [] };
  } finally {
    await store.close();
  }
}
