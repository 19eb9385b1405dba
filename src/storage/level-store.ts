import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { parseAmount } from '../base/amount.ts';
import { inTurns, runToEnd } from '../base/run-to-end.ts';
import { parseExact } from '../core/exact-json.ts';
import { isHash } from '../core/hash.ts';
import { isUnreleased, unreleasedWords } from '../core/parse-genesis.ts';
import type { Candidate } from '../core/pool.ts';
import type { Account } from '../ledger/account.ts';
import {
  AccountsError,
  type AppendedBlock,
  type BlockStore,
  ChainError,
  DamageError,
  DiskFullError,
  type LedgerEffects,
  type RecordKind,
  type ResumableSession,
  type ResumableSessionStore,
  type Rollback,
  StoreError,
  UnreleasedError,
} from '../node/ports.ts';
import { isDiskFull, reason } from '../platform/disk-full.ts';
import { makeDirectory } from '../platform/make-directory.ts';
import { SystemTurns } from '../platform/system-turns.ts';
import { isLockError } from './chain-lock.ts';
import { HashIndex } from './hash-index.ts';
import { HighWaterMark } from './high-water-mark.ts';
import { decodeAccount, encodeAccount, encodeSignedBody } from './ledger-codec.ts';
import {
  findDamagedTable,
  keyOf,
  type Level,
  readPoolText,
  readSeal,
  readSignedBodyText,
  valueAt,
} from './level-value.ts';
import { limits } from './limits.ts';
import { OpenFiles } from './open-files.ts';
import { decodePool, encodePool, lostPoolText } from './pool-codec.ts';
import { type SessionWrite, SessionWrites } from './session-writes.ts';

/**
 * Blocks and pools in a directory: a LevelDB in `chain`, and the high-water mark of the chain in `tip`. A block and its pool are one atomic batch,
 * synced to the disk before `append` resolves. LevelDB's own lock keeps a second process out; `server.pid` only says who holds it.
 *
 * Keys: `block/<index>` and `pool/<index>`, the index in twelve digits so that they sort by it; `seat/<hash of its code>`. With a ledger also
 * `body/<index>`, `account/<number>` and, for the index of its block, `transaction/<id>`; with beacons `seal/<index>`.
 */
export class LevelStore implements BlockStore, ResumableSessionStore {
  readonly #directory: string;
  readonly #turns = new SystemTurns();
  readonly #hashes = new HashIndex(
    (first) => this.blocks(first),
    (index) => this.block(index),
  );
  readonly #highWaterMark: HighWaterMark;
  #level: Level;
  #openFiles: OpenFiles;
  #nextIndex: number;
  readonly #sessionWrites = new SessionWrites((batch, isSynced) =>
    this.#inTurn(async () => {
      await this.#reopenIfSuspect();
      await this.#write(batch, isSynced);
    }),
  );
  /** True after a failed write: the content of the database is not known, and its log may end in half a record. */
  #isSuspect = false;
  #lastWrite: Promise<unknown> = Promise.resolve();
  /** While the end of the chain is replaced: settles when that is done. */
  #replacement: Promise<void> = Promise.resolve();

  private constructor(
    directory: string,
    highWaterMark: HighWaterMark,
    level: Level,
    openFiles: OpenFiles,
    nextIndex: number,
  ) {
    this.#directory = directory;
    this.#highWaterMark = highWaterMark;
    this.#level = level;
    this.#openFiles = openFiles;
    this.#nextIndex = nextIndex;
  }

  /**
   * Opens or creates the store. Throws a ChainError, for the operator to read, when it is locked, damaged, shorter than it was, of an
   * unreleased version, or not writable.
   */
  static async open(directory: string): Promise<LevelStore> {
    const highWaterMark = new HighWaterMark(join(directory, 'tip'));
    // The mark shows that there was a chain. A database that is gone must not be replaced by an empty one.
    const mayCreate = !existsSync(join(directory, 'tip'));
    const level = await openLevel(directory, mayCreate).catch((error: unknown) => {
      throw openingFailed(directory, error);
    });
    try {
      const damage = findDamagedTable(level);
      if (damage !== undefined) throw new DamageError(`${directory} is damaged: ${damage}`);
      await refuseUnreleased(directory, level);
      writeFileSync(join(directory, 'server.pid'), `${process.pid}\n`);
      const nextIndex = await checkHighWaterMark(directory, highWaterMark, level);
      const openFiles = OpenFiles.of(join(directory, 'chain'));
      return new LevelStore(directory, highWaterMark, level, openFiles, nextIndex);
    } catch (error) {
      await level.close();
      throw error instanceof ChainError ? error : openingFailed(directory, error);
    }
  }

  get height(): number {
    return this.#nextIndex - 1;
  }

  blocks(first = 0): AsyncGenerator<readonly string[]> {
    return storedBlocks(this.#level, first);
  }

  async block(index: number): Promise<string | undefined> {
    const [text] = await this.blockRange(index, index);
    return text;
  }

  async blockByHash(hash: string): Promise<string | undefined> {
    return this.#hashes.find(hash);
  }

  /** As a BlockStore does. A repaired chain has blocks without a pool, and says so of each. */
  async append(...stored: readonly AppendedBlock[]): Promise<void> {
    await this.#put(this.#nextIndex, [], stored);
  }

  async replace({ first, undone, returned }: Rollback, ...stored: readonly AppendedBlock[]): Promise<void> {
    // A record of what waits again must not meet its own removal, which may be on its way.
    await this.#sessionWrites.settled();
    const gone: Write[] = [];
    for (let index = first; index < this.#nextIndex; index++)
      for (const kind of ['block', 'pool', 'body', 'seal'] as const)
        gone.push({ type: 'del', key: keyOf(kind, index) });
    if (undone !== undefined) {
      const newer = await this.#level.keys({ gte: keyOf('account', undone.accountCount), lt: 'account0' }).all();
      const places = undone.transactionIds.map((id) => `transaction/${id}`);
      gone.push(...[...newer, ...places].map((key): Write => ({ type: 'del', key })));
      const restored = { accounts: undone.accounts, transactionIds: [] };
      gone.push(...(await inTurns(this.#turns, effectWrites(first, restored))));
    }
    for (const [id, value] of returned ?? []) gone.push({ type: 'put', key: `waiting/${id}`, value });
    const [fork] = await this.blockRange(first - 1, first - 1);
    const [, hash] = /"Hash":"([0-9a-f]{64})"/.exec(fork ?? '') ?? [];
    if (hash === undefined) throw new Error(`block ${first - 1} is not stored, so nothing can be put behind it`);
    // True before and after the write: a mark of a block that goes would make an intact chain look damaged.
    await this.#inTurn(async () => this.#highWaterMark.create({ index: first - 1, hash }));
    this.#hashes.truncate(first);
    const replacing = this.#put(first, gone, stored);
    this.#replacement = replacing.catch(() => undefined);
    await replacing;
    this.#hashes.truncate(first);
  }

  /** Stores blocks from an index on, behind what else belongs to the same write. */
  async #put(index: number, before: readonly Write[], stored: readonly AppendedBlock[]): Promise<void> {
    const last = stored.at(-1)?.block;
    const puts: Write[] = [...before];
    if (puts.length === 0 && last === undefined) return;
    for (const [place, { block, text, body, seal, signed, effects }] of stored.entries()) {
      const next = index + place;
      if (block.Index !== next) throw new Error(`block ${block.Index} does not follow the ${next} that are stored`);
      const pool = body === undefined ? Buffer.from(lostPoolText) : await inTurns(this.#turns, encodePool(body));
      puts.push({ type: 'put', key: keyOf('block', next), value: text });
      puts.push({ type: 'put', key: keyOf('pool', next), value: pool, valueEncoding: 'buffer' });
      if (seal !== undefined) puts.push({ type: 'put', key: keyOf('seal', next), value: seal });
      if (signed !== undefined) {
        const value = await inTurns(this.#turns, encodeSignedBody(signed));
        puts.push({ type: 'put', key: keyOf('body', next), value, valueEncoding: 'buffer' });
      }
      if (effects !== undefined) puts.push(...(await inTurns(this.#turns, effectWrites(next, effects))));
    }
    const end = index + stored.length;
    await this.#inTurn(async () => {
      try {
        // The batch is atomic: with its first block all are there.
        const isStored = this.#isSuspect && (await this.#reopenAndFind(index)) === stored[0]?.text;
        if (!isStored) await this.#write(puts, true);
        // A write to removed files succeeds, but the block would be lost with them.
        this.#openFiles.verify();
        const mark = last && { index: last.Index, hash: last.Hash };
        if (mark !== undefined && index === 0) this.#highWaterMark.create(mark);
        else if (mark !== undefined) this.#highWaterMark.write(mark);
      } catch (error) {
        this.#isSuspect = true;
        this.#openFiles.verify();
        const which = index >= end - 1 ? `block ${index}` : `the blocks ${index} to ${end - 1}`;
        const words = `${which} could not be stored: ${reason(error)}`;
        throw isDiskFull(error) ? new DiskFullError(words, { cause: error }) : new StoreError(words, { cause: error });
      }
    });
    this.#nextIndex = end;
  }

  async verifyPlace(): Promise<void> {
    await this.#inTurn(async () => this.#openFiles.verify());
  }

  async pool(index: number): Promise<readonly Candidate[] | undefined> {
    const text = await this.poolText(index);
    return text === undefined ? undefined : decodePool(text, index);
  }

  async blockRange(first: number, last: number): Promise<readonly string[]> {
    // What is read meanwhile may be of either end, and the reader could not know which.
    await this.#replacement;
    try {
      return await this.#level
        .values({ gte: keyOf('block', first), lte: keyOf('block', last), highWaterMarkBytes: limits.bytesPerReadMax })
        .all();
    } catch (error) {
      throw new DamageError(`blocks ${first} to ${last} cannot be read: ${reason(error)}`);
    }
  }

  async poolText(index: number): Promise<string | undefined> {
    return index < this.#nextIndex ? readPoolText(this.#level, index) : undefined;
  }

  async sealOf(index: number): Promise<string | undefined> {
    return index < this.#nextIndex ? readSeal(this.#level, index) : undefined;
  }

  async accounts(): Promise<readonly Account[]> {
    const entries = await this.#level.iterator({ gt: 'account/', lt: 'account0' }).all();
    return entries.map(([key, text], number) => {
      const account = key === keyOf('account', number) ? decodeAccount(text) : undefined;
      if (account === undefined) throw new AccountsError(`account ${number} of the ledger is missing or damaged`);
      return account;
    });
  }

  /**
   * Replaces all accounts, and the places of all transactions, in one synced write: for a repair. `transactions` are the Ids of each block.
   */
  async replaceLedger(
    accounts: Iterable<Account>,
    transactions: ReadonlyMap<number, readonly string[]>,
  ): Promise<void> {
    const old = await this.#level.keys({ gt: 'account/', lt: 'account0' }).all();
    const places = await this.#level.keys({ gt: 'transaction/', lt: 'transaction0' }).all();
    const writes: Write[] = [...old, ...places].map((key) => ({ type: 'del', key }));
    writes.push(...runToEnd(effectWrites(0, { accounts: new Map([...accounts].entries()), transactionIds: [] })));
    for (const [index, transactionIds] of transactions) {
      writes.push(...runToEnd(effectWrites(index, { accounts: new Map(), transactionIds })));
    }
    await this.#inTurn(() => this.#write(writes, true));
  }

  async signedBodyText(index: number): Promise<string | undefined> {
    return index < this.#nextIndex ? readSignedBodyText(this.#level, index) : undefined;
  }

  async blockOfTransaction(id: string): Promise<number | undefined> {
    const text = await valueAt(this.#level, `transaction/${id}`);
    return text === undefined ? undefined : Number(text);
  }

  async records(kind: RecordKind): Promise<readonly (readonly [string, string])[]> {
    await this.#sessionWrites.settled();
    const entries = await this.#level.iterator({ gt: `${kind}/`, lt: `${kind}0` }).all();
    return entries.map(([key, text]) => [key.slice(kind.length + 1), text]);
  }

  saveRecord(kind: RecordKind, name: string, text: string): void {
    this.#sessionWrites.add({ type: 'put', key: `${kind}/${name}`, value: text });
  }

  removeRecord(kind: RecordKind, name: string): void {
    this.#sessionWrites.add({ type: 'del', key: `${kind}/${name}` });
  }

  async recordsSynced(): Promise<void> {
    try {
      await this.#sessionWrites.synced();
    } catch (error) {
      const words = `what lies beside the chain could not be stored: ${reason(error)}`;
      throw isDiskFull(error) ? new DiskFullError(words, { cause: error }) : new StoreError(words, { cause: error });
    }
  }

  async sessions(): Promise<readonly ResumableSession[]> {
    await this.#sessionWrites.settled();
    const entries = await this.#level.iterator({ gt: 'seat/', lt: 'seat0' }).all();
    return entries.flatMap(([name, text]) => decodeSession(name.slice('seat/'.length), text));
  }

  saveSession({ codeHash, address, stake, strikes }: ResumableSession): void {
    const value = JSON.stringify({ Validator: address, Stake: String(stake), Tainted: strikes });
    this.#sessionWrites.add({ type: 'put', key: `seat/${codeHash}`, value });
  }

  removeSession(codeHash: string): void {
    this.#sessionWrites.add({ type: 'del', key: `seat/${codeHash}` });
  }

  async sessionsSynced(): Promise<void> {
    await this.#sessionWrites.synced();
  }

  /** Waits for pending writes, then closes the database and releases its lock. */
  async close(): Promise<void> {
    await this.#sessionWrites.settled();
    rmSync(join(this.#directory, 'server.pid'), { force: true });
    await this.#level.close();
  }

  /**
   * Serialises the writes. A batch of sessions delays a block by no more than its own sync, and no write starts while the database is being
   * reopened.
   */
  #inTurn<Result>(write: () => Promise<Result>): Promise<Result> {
    const result = this.#lastWrite.then(write);
    this.#lastWrite = result.catch(() => undefined);
    return result;
  }

  /**
   * Must run inside `#inTurn`. A chained batch hands each write to LevelDB as it is. Handing 100 blocks over as an array was measured too: it
   * held up the event loop ten times as long, 4.7 ms against 0.5.
   */
  async #write(writes: readonly Write[], isSynced: boolean): Promise<void> {
    try {
      const batch = this.#level.batch();
      for (const write of writes) {
        if (write.type === 'del') batch.del(write.key);
        else if ('valueEncoding' in write)
          batch.put<string, Buffer>(write.key, write.value, { valueEncoding: 'buffer' });
        else batch.put(write.key, write.value);
      }
      await batch.write({ sync: isSynced });
    } catch (error) {
      this.#isSuspect = true;
      throw error;
    }
  }

  /**
   * Reopens the database after a failed write. Writing on would be wrong: the log may end in half a record, and a recovery drops everything
   * behind that. Reopening copies the intact records to a new table, synced, and begins a new log. Must run inside `#inTurn`.
   */
  async #reopenIfSuspect(): Promise<void> {
    if (!this.#isSuspect) return;
    this.#openFiles.verify();
    await this.#level.close();
    this.#level = await openLevel(this.#directory, false);
    this.#openFiles = OpenFiles.of(join(this.#directory, 'chain'));
    this.#isSuspect = false;
  }

  /** Reopens the database, and returns the text of block `index` if the failed write stored it after all. */
  async #reopenAndFind(index: number): Promise<string | undefined> {
    await this.#reopenIfSuspect();
    return valueAt(this.#level, keyOf('block', index));
  }
}

/** What a block does to the ledger, as writes. Yields after every account and transaction. */
function* effectWrites(index: number, { accounts, transactionIds }: LedgerEffects): Generator<void, readonly Write[]> {
  const writes: Write[] = [];
  for (const [number, account] of accounts) {
    writes.push({ type: 'put', key: keyOf('account', number), value: encodeAccount(account) });
    yield;
  }
  for (const id of transactionIds) {
    writes.push({ type: 'put', key: `transaction/${id}`, value: String(index) });
    yield;
  }
  return writes;
}

/** One of the writes of a batch. */
type Write =
  | SessionWrite
  | { readonly type: 'put'; readonly key: string; readonly value: Buffer; readonly valueEncoding: 'buffer' };

async function openLevel(directory: string, createIfMissing: boolean): Promise<Level> {
  const maxOpenFiles = limits.databaseFilesMax;
  if (createIfMissing) makeDirectory(directory);
  const level: Level = new ClassicLevel(join(directory, 'chain'), { createIfMissing, maxOpenFiles });
  await level.open();
  return level;
}

/**
 * Throws an UnreleasedError for a chain of version 1. `directory` is the path under which a person knows the chain. A genesis that cannot be
 * read is ignored here: reading the chain reports it.
 */
export async function refuseUnreleased(directory: string, level: Level): Promise<void> {
  const genesis = await level.get(keyOf('block', 0)).catch(() => undefined);
  if (genesis === undefined || !isUnreleased(parseExact(genesis))) return;
  throw new UnreleasedError(`the chain in ${directory} ${unreleasedWords}. Choose another directory with --data-dir`);
}

/**
 * Returns the number of blocks. Throws a DamageError when there were more. A chain that has no mark because the process or the
 * machine died before it was made gets one now, because from here on a missing mark means damage.
 */
async function checkHighWaterMark(directory: string, highWaterMark: HighWaterMark, level: Level): Promise<number> {
  const [last] = await level.iterator({ gt: 'block/', lt: 'block0', reverse: true, limit: 1 }).all();
  const height = last === undefined ? -1 : Number(last[0].slice('block/'.length));
  const mark = highWaterMark.read();
  // A genesis is announced only after its mark was made, so it may be stored without one. A file that exists but is empty was cut by a power cut.
  if (mark === undefined && height > 0 && !existsSync(join(directory, 'tip'))) {
    throw new DamageError(
      `${join(directory, 'tip')} is missing, so it is not known whether the chain beside it is complete`,
    );
  }
  if (mark === undefined) {
    if (last !== undefined) highWaterMark.create({ index: height, hash: hashIn(last[1], height) });
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

/** The Hash field of a stored block. The block is not verified. */
function hashIn(text: string, index: number): string {
  const block = parseExact(text);
  if (typeof block === 'object' && block !== null && 'Hash' in block && isHash(block.Hash)) return block.Hash;
  throw new DamageError(`block ${index} of the stored chain is not one`);
}

/** The texts of all blocks in a database from block `first` on, in order, in batches. Throws a DamageError where it cannot be read. */
export async function* storedBlocks(level: Level, first = 0): AsyncGenerator<readonly string[]> {
  const iterator = level.values({
    gte: keyOf('block', first),
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

/** Decodes a stored session. One that cannot be read is dropped: its validator has to join anew. */
function decodeSession(codeHash: string, text: string): readonly ResumableSession[] {
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null || !('Validator' in json) || !('Stake' in json)) return [];
    const stake = parseAmount(json.Stake);
    // Earlier versions stored no strikes.
    const strikes = 'Tainted' in json ? json.Tainted : 0;
    if (!isHash(json.Validator) || stake === undefined || typeof strikes !== 'number') return [];
    return [{ codeHash, address: json.Validator, stake, strikes }];
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
  // Nothing is damaged, and a repair would need even more room.
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
