import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { limits } from '../core/limits.ts';
import { ChainError } from '../engine/ports.ts';
import { keyOf, type Level, reason, storedBlocks } from './level-store.ts';
import { TipFile, type TipMark } from './tip-file.ts';

/** A server has the directory open. `holder` is its process, as far as that is known. */
export class LockedError extends ChainError {
  override readonly name = 'LockedError';
  readonly holder: string | undefined;

  constructor(directory: string, holder: string | undefined) {
    super(`${directory} is in use by a running server`);
    this.holder = holder;
  }
}

/**
 * The chain of a data directory as it stands, to be read and nothing else. Opening a LevelDB writes to it, so what is opened is a
 * directory of its own that shares the tables, which never change, and has copies of the small rest. It also shares the lock: no
 * server can start while it is read.
 */
export class StoredChain {
  readonly #directory: string;
  readonly #level: Level;
  readonly #workplace: string;
  /** How far the chain had come; undefined where that is not known. */
  readonly mark: TipMark | undefined;

  private constructor(directory: string, level: Level, workplace: string) {
    this.#directory = directory;
    this.#level = level;
    this.#workplace = workplace;
    this.mark = readMark(directory);
  }

  /** True for a directory that a server has kept a chain in. */
  static isAt(directory: string): boolean {
    return existsSync(join(directory, 'chain', 'CURRENT'));
  }

  /** Opens a chain that is there. Throws a LockedError while a server runs, another ChainError when it cannot be read at all. */
  static async open(directory: string): Promise<StoredChain> {
    const workplace = mkdtempSync(join(tmpdir(), 'sortition-'));
    try {
      shareFiles(resolve(directory, 'chain'), workplace);
      const level: Level = new ClassicLevel(workplace, {
        createIfMissing: false,
        maxOpenFiles: limits.databaseFilesMax,
      });
      await level.open();
      return new StoredChain(directory, level, workplace);
    } catch (error) {
      rmSync(workplace, { recursive: true, force: true });
      const cause = error instanceof Error ? error.cause : undefined;
      if (cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED') {
        throw new LockedError(directory, holderOf(directory));
      }
      throw new ChainError(
        `${directory} cannot be opened: ${reason(error).replaceAll(workplace, join(directory, 'chain'))}`,
      );
    }
  }

  /**
   * All blocks from the genesis on, in order, as their JSON texts, in batches. Whether they hold is for others to say. Throws a
   * ChainError where they cannot be read.
   */
  async *blocks(): AsyncGenerator<readonly string[]> {
    try {
      yield* storedBlocks(this.#level);
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
      throw new ChainError(error.message.replaceAll(this.#workplace, join(this.#directory, 'chain')));
    }
  }

  /** The JSON text of the pool that block `index` was drawn from; undefined when it is not there or cannot be read. */
  async poolText(index: number): Promise<string | undefined> {
    try {
      return await this.#level.get(keyOf('pool', index));
    } catch {
      return undefined;
    }
  }

  /** Gives the lock back. */
  async close(): Promise<void> {
    await this.#level.close();
    rmSync(this.#workplace, { recursive: true, force: true });
  }
}

function shareFiles(chain: string, workplace: string): void {
  for (const name of readdirSync(chain)) {
    const [from, to] = [join(chain, name), join(workplace, name)];
    if (name.endsWith('.ldb')) share(from, to);
    else if (name === 'LOCK') shareLock(from, to);
    else if (!name.startsWith('LOG')) copyFileSync(from, to);
  }
}

/** Windows lets only some people make links. */
function share(from: string, to: string): void {
  try {
    symlinkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function shareLock(from: string, to: string): void {
  try {
    // LevelDB opens its lock for writing: where this user may not, no server of this user's can be meant either.
    accessSync(from, constants.W_OK);
    symlinkSync(from, to);
  } catch {
    // It makes one of its own.
  }
}

function readMark(directory: string): TipMark | undefined {
  try {
    return new TipFile(join(directory, 'tip')).read();
  } catch {
    return undefined;
  }
}

function holderOf(directory: string): string | undefined {
  try {
    return /^(\d+)\n$/.exec(readFileSync(join(directory, 'server.pid'), 'latin1'))?.[1];
  } catch {
    return undefined;
  }
}
