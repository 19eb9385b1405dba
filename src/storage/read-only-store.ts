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
import { findDamagedTable, type Level, readPoolText } from './level-value.ts';
import { limits } from './limits.ts';

/**
 * The chain of a data directory as it stands, to be read and nothing else. Opening a LevelDB writes to it, so what is opened is a
 * directory of its own. Where no server runs it shares the tables, which never change, and the lock: no server can start while it is
 * read. Beside a running server it has the chain as it stood a moment ago, and the server goes on.
 */
export class ReadOnlyStore {
  readonly directory: string;
  readonly #level: Level;
  readonly #workplace: string;
  /** What is damaged so that the chain must not be read, in words; undefined when nothing is. */
  readonly damage: string | undefined;
  /** How far the chain had come at least; undefined where that is not known. */
  readonly mark: Mark | undefined;

  private constructor(directory: string, { level, workplace }: OpenCopy, mark: Mark | undefined) {
    this.directory = directory;
    this.#level = level;
    this.#workplace = workplace;
    this.mark = mark;
    this.damage = findDamagedTable(level);
  }

  /** True for a directory that a server has kept a chain in. */
  static isAt(directory: string): boolean {
    return existsSync(join(directory, 'chain', 'CURRENT'));
  }

  /**
   * Opens a chain that is there, whether a server runs or not. Throws a ChainError when it cannot be read at all, an
   * UnreleasedError when its format was never released.
   */
  static async open(directory: string): Promise<ReadOnlyStore> {
    const chain = resolve(directory, 'chain');
    for (let copies = 0; copies < limits.chainCopiesMax; copies++) {
      if (copies > 0) await delay(limits.chainCopyPauseMs);
      // The mark first: a block that is added meanwhile is then one more than was marked, and not one too few.
      const mark = readMark(directory);
      const before = listingOf(chain);
      const copy = await openCopy(chain);
      // A running server puts tables in the place of logs and of other tables: then parts of the copy may be of different times.
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
   * All blocks from the genesis on, in order, as their JSON texts, in batches. Whether they hold is for others to say. Throws a
   * DamageError where they cannot be read.
   */
  async *blocks(): AsyncGenerator<readonly string[]> {
    if (this.damage !== undefined) throw new DamageError(this.damage);
    try {
      yield* storedBlocks(this.#level);
    } catch (error) {
      throw this.#named(error);
    }
  }

  /** The JSON text of the pool that block `index` was drawn from; undefined where a repair left it out. Throws a DamageError when it is damaged. */
  async poolText(index: number): Promise<string | undefined> {
    if (this.damage !== undefined) throw new DamageError(this.damage);
    try {
      return await readPoolText(this.#level, index);
    } catch (error) {
      throw this.#named(error);
    }
  }

  /** Gives the lock back. */
  async close(): Promise<void> {
    await discard({ level: this.#level, workplace: this.#workplace });
  }

  /** The same error, with the files named by where they come from. */
  #named(error: unknown): unknown {
    if (!(error instanceof DamageError)) return error;
    return new DamageError(error.message.replaceAll(this.#workplace, join(this.directory, 'chain')));
  }
}

/** A database that is open, elsewhere than it is. */
interface OpenCopy {
  readonly level: Level;
  readonly workplace: string;
}

async function discard({ level, workplace }: OpenCopy): Promise<void> {
  await level.close();
  rmSync(workplace, { recursive: true, force: true });
}

/** Opens a copy of a database: with the lock of that where it is free, else with one of its own. Returns the Error that hinders it. */
async function openCopy(chain: string): Promise<OpenCopy | Error> {
  const sharing = await tryCopy(chain, true);
  return sharing instanceof Error && isLockError(sharing.cause) ? tryCopy(chain, false) : sharing;
}

async function tryCopy(chain: string, sharesLock: boolean): Promise<OpenCopy | Error> {
  const workplace = mkdtempSync(join(tmpdir(), 'sortition-'));
  try {
    copyFiles(chain, workplace, sharesLock);
    const level: Level = new ClassicLevel(workplace, {
      createIfMissing: false,
      maxOpenFiles: limits.databaseFilesMax,
    });
    await level.open();
    return { level, workplace };
  } catch (error) {
    rmSync(workplace, { recursive: true, force: true });
    return new Error(reason(error).replaceAll(workplace, chain), { cause: error });
  }
}

/** What a database consists of, in the order in which it must be copied while a server writes: a list of tables before these and the logs. */
function namesIn(chain: string): readonly string[] {
  const ranks = ['.ldb', '.log'];
  const rankOf = (name: string): number => ranks.findIndex((ending) => name.endsWith(ending));
  const names = readdirSync(chain).filter((name) => name !== 'LOCK' && !/^LOG(?:\.old)?$/.test(name));
  return names.sort((one, other) => rankOf(one) - rankOf(other) || (one < other ? -1 : 1));
}

/** The names in one text, to be compared; an error of the system is one, too. */
function listingOf(chain: string): string {
  try {
    return namesIn(chain).join();
  } catch (error) {
    return reason(error);
  }
}

/** A file to which is only ever added may be copied at any time: LevelDB passes over the half of a record at its end. */
function copyFiles(chain: string, workplace: string, sharesLock: boolean): void {
  for (const name of namesIn(chain)) {
    const [from, to] = [join(chain, name), join(workplace, name)];
    // A running server may remove a table; and a second name would not do, as the copy may write to one that the server is still making.
    if (sharesLock && name.endsWith('.ldb')) linkTable(from, to);
    else copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
  // Where this user may not have the lock, no server of this user's can be meant either: then LevelDB makes one of its own.
  if (sharesLock) shareLock(chain, workplace);
}

/** Windows lets only some people make links. */
function linkTable(from: string, to: string): void {
  try {
    symlinkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

/** What this user may not read may well be whole. */
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
