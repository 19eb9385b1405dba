import { setImmediate as turn } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import type { Block } from '../core/block.ts';
import { limits } from '../core/limits.ts';
import type { Candidate } from '../core/pool.ts';
import { type BlockStore, ChainError, StoreError } from '../engine/ports.ts';
import { decodePool, encodePool } from './pool-text.ts';

const blocksPerBatch = 1000;
const batchBytesMax = 1_048_576;

/**
 * Blocks and pools in a LevelDB directory. A block and its pool are one atomic batch, synced to the disk before `append`
 * resolves. LevelDB's own lock keeps a second process out.
 *
 * Keys: `block/<index>` and `pool/<index>`, the index in twelve digits so that they sort by it.
 */
export class LevelStore implements BlockStore {
  readonly #level: ClassicLevel<string, string>;
  #nextIndex: number;

  private constructor(level: ClassicLevel<string, string>, nextIndex: number) {
    this.#level = level;
    this.#nextIndex = nextIndex;
  }

  /** Opens or creates the store. Throws a ChainError, for the operator to read, when it is locked, damaged or not writable. */
  static async open(directory: string): Promise<LevelStore> {
    const level = new ClassicLevel<string, string>(directory, { maxOpenFiles: limits.databaseFilesMax });
    try {
      await level.open();
      const [lastKey] = await level.keys({ gt: 'block/', lt: 'block0', reverse: true, limit: 1 }).all();
      return new LevelStore(level, lastKey === undefined ? 0 : Number(lastKey.slice('block/'.length)) + 1);
    } catch (error) {
      throw new ChainError(openingFailed(directory, error));
    }
  }

  get isEmpty(): boolean {
    return this.#nextIndex === 0;
  }

  async *blocks(): AsyncGenerator<readonly string[]> {
    const iterator = this.#level.values({
      gt: 'block/',
      lt: 'block0',
      highWaterMarkBytes: batchBytesMax,
      fillCache: false,
    });
    try {
      for (;;) {
        const batch = await iterator.nextv(blocksPerBatch);
        if (batch.length === 0) return;
        yield batch;
      }
    } catch (error) {
      throw new ChainError(`the stored chain cannot be read: ${reason(error)}`);
    } finally {
      await iterator.close();
    }
  }

  async append(block: Block, pool: readonly Candidate[]): Promise<void> {
    const index = block.Index;
    if (index !== this.#nextIndex)
      throw new Error(`block ${index} does not follow the ${this.#nextIndex} that are stored`);
    const poolText = await encodePool(pool, turn);
    try {
      await this.#level.batch(
        [
          { type: 'put', key: key('block', index), value: JSON.stringify(block) },
          { type: 'put', key: key('pool', index), value: poolText },
        ],
        { sync: true },
      );
    } catch (error) {
      throw new StoreError(`block ${index} could not be stored: ${reason(error)}`, { cause: error });
    }
    this.#nextIndex = index + 1;
  }

  /** The pool that block `index` was drawn from, in drawing order; undefined when there is no such block. */
  async pool(index: number): Promise<readonly Candidate[] | undefined> {
    const text = await this.#level.get(key('pool', index));
    return text === undefined ? undefined : decodePool(text);
  }

  /** Waits for what is being written, then gives the lock back. */
  async close(): Promise<void> {
    await this.#level.close();
  }
}

function key(kind: 'block' | 'pool', index: number): string {
  return `${kind}/${String(index).padStart(12, '0')}`;
}

function openingFailed(directory: string, error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED') {
    return `${directory} is in use by another server. Stop that one, or choose another directory with --data-dir`;
  }
  return `${directory} cannot be opened: ${reason(error)}`;
}

/** LevelDB's own words are in the cause of what its wrapper throws. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
