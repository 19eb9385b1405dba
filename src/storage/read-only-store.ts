import { constants, copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ClassicLevel } from 'classic-level';
import { ChainError, DamageError } from '../node/ports.ts';
import { reason } from '../platform/disk-full.ts';
import { isLockError, shareLock } from './chain-lock.ts';
import { HighWaterMark, type Mark } from './high-water-mark.ts';
import { refuseUnreleased, storedBlocks } from './level-store.ts';
import { findDamagedTable, type Level, readPoolText, readSeal, readSignedBodyText } from './level-value.ts';
import { limits } from './limits.ts';

/**
 * Reads the chain of a data directory without changing it. Opening a LevelDB writes to its directory, so a copy in a temporary directory is
 * opened. While no server runs, the copy shares the tables, which never change, and the lock, so that no server can start meanwhile. While a
 * server runs, the copy has the chain as it was a moment ago, and the server is not disturbed.
 */
export class ReadOnlyStore {
  readonly directory: string;
  readonly #level: Level;
  readonly #copyDirectory: string;
  /** Describes the damage that makes the chain unreadable; undefined when there is none. */
  readonly damage: string | undefined;
  /** The high-water mark of the chain; undefined where it is not known. */
  readonly mark: Mark | undefined;

  private constructor(directory: string, { level, copyDirectory }: OpenCopy, mark: Mark | undefined) {
    this.directory = directory;
    this.#level = level;
    this.#copyDirectory = copyDirectory;
    this.mark = mark;
    this.damage = findDamagedTable(level);
  }

  /** True for a directory that a server has kept a chain in. */
  static isAt(directory: string): boolean {
    return existsSync(join(directory, 'chain', 'CURRENT'));
  }

  /**
   * Opens an existing chain, whether a server runs or not. Throws a ChainError when it cannot be read at all, and an UnreleasedError when its
   * format was never released.
   */
  static async open(directory: string): Promise<ReadOnlyStore> {
    const chain = resolve(directory, 'chain');
    for (let copies = 0; copies < limits.chainCopiesMax; copies++) {
      if (copies > 0) await delay(limits.chainCopyPauseMs);
      // The mark is read first. A block that is appended meanwhile then lies beyond the mark, which is no fault.
      const mark = readMark(directory);
      const before = listingOf(chain);
      const copy = await openCopy(chain);
      // A running server replaces logs and tables by new tables. Then parts of the copy may be of different times.
      const isTorn = listingOf(chain) !== before;
      if (!isTorn && copy instanceof Error) throw openingFailed(directory, copy.message);
      if (copy instanceof Error) continue;
      if (isTorn) {
        await discard(copy);
        continue;
      }
      await refuseUnreleased(directory, copy.level).catch(async (error: unknown) => {
        await discard(copy);
        throw error;
      });
      return new ReadOnlyStore(directory, copy, mark);
    }
    throw new ChainError(`${directory} changes too quickly to be read now. Try again in a moment`);
  }

  /**
   * All blocks from the genesis on, in order, as their JSON texts, in batches. They are not verified. Throws a DamageError when they cannot be
   * read.
   */
  async *blocks(): AsyncGenerator<readonly string[]> {
    if (this.damage !== undefined) throw new DamageError(this.damage);
    try {
      yield* storedBlocks(this.#level);
    } catch (error) {
      throw this.#withOriginalPaths(error);
    }
  }

  /** The JSON text of the pool that block `index` was drawn from; undefined when a repair lost it. Throws a DamageError when it is damaged. */
  async poolText(index: number): Promise<string | undefined> {
    if (this.damage !== undefined) throw new DamageError(this.damage);
    try {
      return await readPoolText(this.#level, index);
    } catch (error) {
      throw this.#withOriginalPaths(error);
    }
  }

  /** The JSON text of what the ledger of block `index` was judged by; undefined where there is none. Throws a DamageError when it is damaged. */
  async signedBodyText(index: number): Promise<string | undefined> {
    if (this.damage !== undefined) throw new DamageError(this.damage);
    try {
      return await readSignedBodyText(this.#level, index);
    } catch (error) {
      throw this.#withOriginalPaths(error);
    }
  }

  /** The signature of the sealed pool of block `index`; undefined where there is none. Throws a DamageError when it is damaged. */
  async sealOf(index: number): Promise<string | undefined> {
    if (this.damage !== undefined) throw new DamageError(this.damage);
    try {
      return await readSeal(this.#level, index);
    } catch (error) {
      throw this.#withOriginalPaths(error);
    }
  }

  /** Closes and removes the copy, and releases the lock. */
  async close(): Promise<void> {
    await discard({ level: this.#level, copyDirectory: this.#copyDirectory });
  }

  /** The same error with the paths of the original files instead of the copies. */
  #withOriginalPaths(error: unknown): unknown {
    if (!(error instanceof DamageError)) return error;
    return new DamageError(error.message.replaceAll(this.#copyDirectory, join(this.directory, 'chain')));
  }
}

/** An open copy of a database, and its directory. */
interface OpenCopy {
  readonly level: Level;
  readonly copyDirectory: string;
}

async function discard({ level, copyDirectory }: OpenCopy): Promise<void> {
  await level.close();
  rmSync(copyDirectory, { recursive: true, force: true });
}

/** Opens a copy of a database: with the original's lock where it is free, else with a lock of its own. Returns the Error if it cannot. */
async function openCopy(chain: string): Promise<OpenCopy | Error> {
  const sharing = await tryCopy(chain, true);
  return sharing instanceof Error && isLockError(sharing.cause) ? tryCopy(chain, false) : sharing;
}

async function tryCopy(chain: string, sharesLock: boolean): Promise<OpenCopy | Error> {
  const copyDirectory = mkdtempSync(join(tmpdir(), 'sortition-'));
  try {
    copyFiles(chain, copyDirectory, sharesLock);
    const level: Level = new ClassicLevel(copyDirectory, {
      createIfMissing: false,
      maxOpenFiles: limits.databaseFilesMax,
    });
    await level.open();
    return { level, copyDirectory };
  } catch (error) {
    rmSync(copyDirectory, { recursive: true, force: true });
    return new Error(reason(error).replaceAll(copyDirectory, chain), { cause: error });
  }
}

/** The files of a database, in the order in which they must be copied while a server writes: the list of tables, the tables, the logs. */
function namesIn(chain: string): readonly string[] {
  const ranks = ['.ldb', '.log'];
  const rankOf = (name: string): number => ranks.findIndex((ending) => name.endsWith(ending));
  const names = readdirSync(chain).filter((name) => name !== 'LOCK' && !/^LOG(?:\.old)?$/.test(name));
  return names.sort((one, other) => rankOf(one) - rankOf(other) || (one < other ? -1 : 1));
}

/** The file names as one text, for comparing two moments; the message of the error where they cannot be listed. */
function listingOf(chain: string): string {
  try {
    return namesIn(chain).join();
  } catch (error) {
    return reason(error);
  }
}

/** A file that is only appended to may be copied at any time, because LevelDB skips half a record at its end. */
function copyFiles(chain: string, copyDirectory: string, sharesLock: boolean): void {
  for (const name of namesIn(chain)) {
    const [from, to] = [join(chain, name), join(copyDirectory, name)];
    // Tables beside a running server are copied, because it may remove them. A hard link would not do: the copy may write to a table that the
    // server is still making.
    if (sharesLock && name.endsWith('.ldb')) linkTable(from, to);
    else copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
  // A user who may not take the lock cannot run a server on this directory either. LevelDB then creates a lock in the copy.
  if (sharesLock) shareLock(chain, copyDirectory);
}

/** Windows lets only some users make links. There the table is copied. */
function linkTable(from: string, to: string): void {
  try {
    symlinkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** A chain that this user may not read is not damaged for that. */
function openingFailed(directory: string, why: string): ChainError {
  const words = `${directory} cannot be opened: ${why}`;
  return /permission denied/i.test(why) ? new ChainError(words) : new DamageError(words);
}

function readMark(directory: string): Mark | undefined {
  try {
    return new HighWaterMark(join(directory, 'tip')).read();
  } catch {
    return undefined;
  }
}
