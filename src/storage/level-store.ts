import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { parseAmount } from '../base/amount.ts';
import { inTurns } from '../base/run-to-end.ts';
import type { Block } from '../core/block.ts';
import { isHash } from '../core/hash.ts';
import { isUnreleased, parseExact, unreleasedWords } from '../core/parse-block.ts';
import type { Candidate } from '../core/pool.ts';
import {
  type BlockStore,
  ChainError,
  DamageError,
  DiskFullError,
  type ResumableSession,
  type ResumableSessionStore,
  StoreError,
  UnreleasedError,
} from '../node/ports.ts';
import { isDiskFull, reason } from '../platform/disk-full.ts';
import { makeDirectory } from '../platform/make-directory.ts';
import { SystemTurns } from '../platform/system-turns.ts';
import { isLockError } from './chain-lock.ts';
import { HighWaterMark } from './high-water-mark.ts';
import { findDamagedTable, keyOf, type Level, readPoolText, valueAt } from './level-value.ts';
import { limits } from './limits.ts';
import { OpenFiles } from './open-files.ts';
import { decodePool, encodePool, leftOut } from './pool-codec.ts';
import { type SessionWrite, SessionWrites } from './session-writes.ts';

/**
 * Blocks and pools in a directory: a LevelDB in `chain`, and the mark of its tip in `tip`. A block and its pool are one atomic batch,
 * synced to the disk before `append` resolves. LevelDB's own lock keeps a second process out; `server.pid` only says who holds it.
 *
 * Keys: `block/<index>` and `pool/<index>`, the index in twelve digits so that they sort by it; `seat/<hash of its code>`.
 */
export class LevelStore implements BlockStore, ResumableSessionStore {
  readonly #directory: string;
  readonly #turns = new SystemTurns();
  readonly #tipFile: HighWaterMark;
  #level: Level;
  #openFiles: OpenFiles;
  #nextIndex: number;
  readonly #seatWrites = new SessionWrites((batch, isSynced) =>
    this.#inTurn(async () => {
      await this.#mend();
      await this.#write(batch, isSynced);
    }),
  );
  /** A write failed: what the database holds is not known, and its log may have half of a record in it. */
  #isSuspect = false;
  #lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(
    directory: string,
    tipFile: HighWaterMark,
    level: Level,
    openFiles: OpenFiles,
    nextIndex: number,
  ) {
    this.#directory = directory;
    this.#tipFile = tipFile;
    this.#level = level;
    this.#openFiles = openFiles;
    this.#nextIndex = nextIndex;
  }

  /**
   * Opens or creates the store. Throws a ChainError, for the operator to read, when it is locked, damaged, shorter than it was, of an
   * unreleased version, or not writable.
   */
  static async open(directory: string): Promise<LevelStore> {
    const tipFile = new HighWaterMark(join(directory, 'tip'));
    // Where there was a chain, a database that is gone must not be made anew.
    const mayCreate = !existsSync(join(directory, 'tip'));
    const level = await openLevel(directory, mayCreate).catch((error: unknown) => {
      throw openingFailed(directory, error);
    });
    try {
      const damage = findDamagedTable(level);
      if (damage !== undefined) throw new DamageError(`${directory} is damaged: ${damage}`);
      await refuseUnreleased(directory, level);
      writeFileSync(join(directory, 'server.pid'), `${process.pid}\n`);
      const nextIndex = await checkTip(directory, tipFile, level);
      const openFiles = await OpenFiles.of(join(directory, 'chain'));
      return new LevelStore(directory, tipFile, level, openFiles, nextIndex);
    } catch (error) {
      await level.close();
      throw error instanceof ChainError ? error : openingFailed(directory, error);
    }
  }

  get isEmpty(): boolean {
    return this.#nextIndex === 0;
  }

  blocks(): AsyncGenerator<readonly string[]> {
    return storedBlocks(this.#level);
  }

  /** As a BlockStore does. A pool is undefined where it is lost: a repaired chain has blocks without one, and says so of each. */
  async append(block: Block, pool: readonly Candidate[] | undefined): Promise<void> {
    const index = block.Index;
    if (index !== this.#nextIndex)
      throw new Error(`block ${index} does not follow the ${this.#nextIndex} that are stored`);
    const text = JSON.stringify(block);
    const poolText = pool === undefined ? leftOut : await inTurns(this.#turns, encodePool(pool));
    const puts: SessionWrite[] = [
      { type: 'put', key: keyOf('block', index), value: text },
      { type: 'put', key: keyOf('pool', index), value: poolText },
    ];
    await this.#inTurn(async () => {
      try {
        const isStored = this.#isSuspect && (await this.#mendAndFind(index)) === text;
        if (!isStored) await this.#write(puts, true);
        // Where the files are gone, what was just written is gone with them.
        await this.#openFiles.verify();
        const mark = { index, hash: block.Hash };
        if (index === 0) this.#tipFile.create(mark);
        else this.#tipFile.write(mark);
      } catch (error) {
        this.#isSuspect = true;
        await this.#openFiles.verify();
        const words = `block ${index} could not be stored: ${reason(error)}`;
        throw isDiskFull(error) ? new DiskFullError(words, { cause: error }) : new StoreError(words, { cause: error });
      }
    });
    this.#nextIndex = index + 1;
  }

  async verifyPlace(): Promise<void> {
    await this.#inTurn(() => this.#openFiles.verify());
  }

  /**
   * The pool that block `index` was drawn from, in drawing order; undefined when there is no such block, or a repair left its pool out. Throws a
   * DamageError when it cannot be read.
   */
  async pool(index: number): Promise<readonly Candidate[] | undefined> {
    const text = await this.poolText(index);
    return text === undefined ? undefined : decodePool(text, index);
  }

  /** The JSON texts of the blocks from `first` to `last`, of those that there are. Throws a DamageError where they cannot be read. */
  async blockTexts(first: number, last: number): Promise<readonly string[]> {
    try {
      return await this.#level.values({ gte: keyOf('block', first), lte: keyOf('block', last) }).all();
    } catch (error) {
      throw new DamageError(`blocks ${first} to ${last} cannot be read: ${reason(error)}`);
    }
  }

  /** The pool of block `index` as `pool` gives it, but as it is stored: a JSON array. */
  async poolText(index: number): Promise<string | undefined> {
    return index < this.#nextIndex ? readPoolText(this.#level, index) : undefined;
  }

  async sessions(): Promise<readonly ResumableSession[]> {
    await this.#seatWrites.settled();
    const entries = await this.#level.iterator({ gt: 'seat/', lt: 'seat0' }).all();
    return entries.flatMap(([name, text]) => decodeSeat(name.slice('seat/'.length), text));
  }

  saveSession({ codeHash, address, stake, strikes }: ResumableSession): void {
    const value = JSON.stringify({ Validator: address, Stake: String(stake), Tainted: strikes });
    this.#seatWrites.add({ type: 'put', key: `seat/${codeHash}`, value });
  }

  removeSession(codeHash: string): void {
    this.#seatWrites.add({ type: 'del', key: `seat/${codeHash}` });
  }

  async seatsSynced(): Promise<void> {
    await this.#seatWrites.synced();
  }

  /** Waits for what is being written, then gives the lock back. */
  async close(): Promise<void> {
    await this.#seatWrites.settled();
    rmSync(join(this.#directory, 'server.pid'), { force: true });
    await this.#level.close();
  }

  /** One write at a time: a batch of seats delays a block by no more than its own sync, and none comes while the database is opened anew. */
  #inTurn<Result>(write: () => Promise<Result>): Promise<Result> {
    const result = this.#lastWrite.then(write);
    this.#lastWrite = result.catch(() => undefined);
    return result;
  }

  /** Only in turn. */
  async #write(batch: SessionWrite[], isSynced: boolean): Promise<void> {
    try {
      await this.#level.batch(batch, { sync: isSynced });
    } catch (error) {
      this.#isSuspect = true;
      throw error;
    }
  }

  /**
   * After a failed write: opens the database anew. To write on would be wrong: the log may end in half of a record, and a recovery drops what
   * stands behind that. Opening copies what is whole to a new table, synced, and begins a new log. Only in turn.
   */
  async #mend(): Promise<void> {
    if (!this.#isSuspect) return;
    await this.#openFiles.verify();
    await this.#level.close();
    this.#level = await openLevel(this.#directory, false);
    this.#openFiles = await OpenFiles.of(join(this.#directory, 'chain'));
    this.#isSuspect = false;
  }

  /** Mends the database, and gives the text of a block that may have been stored all the same. */
  async #mendAndFind(index: number): Promise<string | undefined> {
    await this.#mend();
    return valueAt(this.#level, keyOf('block', index));
  }
}

async function openLevel(directory: string, createIfMissing: boolean): Promise<Level> {
  const maxOpenFiles = limits.databaseFilesMax;
  if (createIfMissing) makeDirectory(directory);
  const level: Level = new ClassicLevel(join(directory, 'chain'), { createIfMissing, maxOpenFiles });
  await level.open();
  return level;
}

/** Throws an UnreleasedError for a chain of version 1; `directory` is where a person knows it to be. What cannot be read is told by its reader. */
export async function refuseUnreleased(directory: string, level: Level): Promise<void> {
  const genesis = await level.get(keyOf('block', 0)).catch(() => undefined);
  if (genesis === undefined || !isUnreleased(parseExact(genesis))) return;
  throw new UnreleasedError(`the chain in ${directory} ${unreleasedWords}. Choose another directory with --data-dir`);
}

/**
 * Returns how many blocks there are; throws a DamageError when there were more. A chain whose mark is not there because the process or the
 * machine died before it was made gets one now: from here on it must not be missing.
 */
async function checkTip(directory: string, tipFile: HighWaterMark, level: Level): Promise<number> {
  const [last] = await level.iterator({ gt: 'block/', lt: 'block0', reverse: true, limit: 1 }).all();
  const height = last === undefined ? -1 : Number(last[0].slice('block/'.length));
  const mark = tipFile.read();
  // Of a genesis nobody was told yet, so it may have been stored without its mark. A file that is there and empty was cut by a power cut.
  if (mark === undefined && height > 0 && !existsSync(join(directory, 'tip'))) {
    throw new DamageError(
      `${join(directory, 'tip')} is missing, so it is not known whether the chain beside it is complete`,
    );
  }
  if (mark === undefined) {
    if (last !== undefined) tipFile.create({ index: height, hash: hashIn(last[1], height) });
    return height + 1;
  }
  if (height < mark.index) {
    const found = height < 0 ? 'has no blocks' : `ends at block ${height}`;
    throw new DamageError(
      `the chain in ${directory} ${found}, but it had come to block ${mark.index}: its end is lost`,
    );
  }
  const text = await valueAt(level, keyOf('block', mark.index));
  if (text === undefined || !text.includes(`"Hash":"${mark.hash}"`)) {
    throw new DamageError(`block ${mark.index} of the chain in ${directory} is missing or not the one that was stored`);
  }
  return height + 1;
}

/** The hash that a stored block says it has. Whether the block holds is for others to say. */
function hashIn(text: string, index: number): string {
  const block = parseExact(text);
  if (typeof block === 'object' && block !== null && 'Hash' in block && isHash(block.Hash)) return block.Hash;
  throw new DamageError(`block ${index} of the stored chain is not one`);
}

/** The texts of all blocks in a database, in order, in batches. Throws a DamageError where it cannot be read. */
export async function* storedBlocks(level: Level): AsyncGenerator<readonly string[]> {
  const iterator = level.values({
    gt: 'block/',
    lt: 'block0',
    highWaterMarkBytes: limits.bytesPerReadMax,
    fillCache: false,
  });
  try {
    for (;;) {
      const batch = await iterator.nextv(limits.blocksPerReadMax);
      if (batch.length === 0) return;
      yield batch;
    }
  } catch (error) {
    throw new DamageError(`the stored chain cannot be read: ${reason(error)}`);
  } finally {
    await iterator.close();
  }
}

/** Whoever sat on a seat that cannot be read joins anew. */
function decodeSeat(codeHash: string, text: string): readonly ResumableSession[] {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null || !('Validator' in json) || !('Stake' in json)) return [];
    const stake = parseAmount(json.Stake);
    // Seats were once kept without this.
    const strikes = 'Tainted' in json ? json.Tainted : 0;
    if (!isHash(json.Validator) || stake === undefined || typeof strikes !== 'number') return [];
    return [{ codeHash, address: json.Validator, stake, strikes: strikes }];
  } catch {
    return [];
  }
}

function openingFailed(directory: string, error: unknown): ChainError {
  if (isLockError(error)) {
    return new ChainError(
      `${directory} is in use by another server${holder(directory)}. Stop that one, or choose another directory with --data-dir`,
    );
  }
  const words = `${directory} cannot be opened: ${reason(error)}`;
  // Repairing would need even more room, and nothing is damaged.
  if (isDiskFull(error)) return new ChainError(`${words}. Free space on that disk, and start again`);
  return existsSync(join(directory, 'tip')) ? new DamageError(words) : new ChainError(words);
}

function holder(directory: string): string {
  try {
    const [, pid] = /^(\d+)\n$/.exec(readFileSync(join(directory, 'server.pid'), 'latin1')) ?? [];
    return pid === undefined ? '' : `, process ${pid}`;
  } catch {
    return '';
  }
}
