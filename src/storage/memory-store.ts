import { runToEnd } from '../base/run-to-end.ts';
import type { Candidate } from '../core/pool.ts';
import type { Account } from '../ledger/account.ts';
import type {
  AppendedBlock,
  BlockStore,
  RecordKind,
  ResumableSession,
  ResumableSessionStore,
  Rollback,
} from '../node/ports.ts';
import { HashIndex } from './hash-index.ts';
import { encodeSignedBody } from './ledger-codec.ts';
import { encodePool } from './pool-codec.ts';

/** Keeps blocks and pools in memory: for simulations, and for a server that is only tried out. */
export class MemoryStore implements BlockStore, ResumableSessionStore {
  readonly #blocks: string[] = [];
  readonly #pools: (readonly Candidate[] | undefined)[] = [];
  readonly #signedBodies: (string | undefined)[] = [];
  readonly #seals: (string | undefined)[] = [];
  readonly #accounts: Account[] = [];
  readonly #blocksOfTransactions = new Map<string, number>();
  readonly #hashes = new HashIndex(
    (first) => this.blocks(first),
    (index) => this.block(index),
  );
  readonly #records = new Map<RecordKind, Map<string, string>>();
  readonly #sessions = new Map<string, ResumableSession>();

  get height(): number {
    return this.#blocks.length - 1;
  }

  async *blocks(first = 0): AsyncGenerator<readonly string[]> {
    yield this.#blocks.slice(first);
  }

  async block(index: number): Promise<string | undefined> {
    return this.#blocks[index];
  }

  async blockByHash(hash: string): Promise<string | undefined> {
    return this.#hashes.find(hash);
  }

  async blockRange(first: number, last: number): Promise<readonly string[]> {
    return this.#blocks.slice(first, last + 1);
  }

  async accounts(): Promise<readonly Account[]> {
    return [...this.#accounts];
  }

  async sealOf(index: number): Promise<string | undefined> {
    return this.#seals[index];
  }

  async signedBodyText(index: number): Promise<string | undefined> {
    return this.#signedBodies[index];
  }

  async blockOfTransaction(id: string): Promise<number | undefined> {
    return this.#blocksOfTransactions.get(id);
  }

  async append(...stored: readonly AppendedBlock[]): Promise<void> {
    expectToFollow(this.#blocks.length, stored);
    for (const { block, text, body, seal, signed, effects } of stored) {
      this.#seals.push(seal);
      this.#blocks.push(text);
      this.#pools.push(body === undefined ? undefined : [...body]);
      this.#signedBodies.push(signed === undefined ? undefined : runToEnd(encodeSignedBody(signed)).toString());
      for (const [number, account] of effects?.accounts ?? []) this.#accounts[number] = account;
      for (const id of effects?.transactionIds ?? []) this.#blocksOfTransactions.set(id, block.Index);
    }
  }

  async replace({ first, undone, returned }: Rollback, ...stored: readonly AppendedBlock[]): Promise<void> {
    expectToFollow(first, stored);
    for (const kept of [this.#blocks, this.#pools, this.#seals, this.#signedBodies]) kept.splice(first);
    this.#hashes.truncate(first);
    if (undone !== undefined) {
      this.#accounts.splice(undone.accountCount);
      for (const [number, account] of undone.accounts) this.#accounts[number] = account;
      for (const id of undone.transactionIds) this.#blocksOfTransactions.delete(id);
    }
    for (const [id, text] of returned ?? []) this.saveRecord('waiting', id, text);
    await this.append(...stored);
  }

  async verifyPlace(): Promise<void> {
    // Memory cannot be moved or removed.
  }

  async pool(index: number): Promise<readonly Candidate[] | undefined> {
    return this.#pools[index];
  }

  async poolText(index: number): Promise<string | undefined> {
    const pool = this.#pools[index];
    return pool === undefined ? undefined : runToEnd(encodePool(pool)).toString('latin1');
  }

  async records(kind: RecordKind): Promise<readonly (readonly [string, string])[]> {
    return [...(this.#records.get(kind) ?? [])];
  }

  saveRecord(kind: RecordKind, name: string, text: string): void {
    const records = this.#records.get(kind) ?? new Map<string, string>();
    this.#records.set(kind, records.set(name, text));
  }

  removeRecord(kind: RecordKind, name: string): void {
    this.#records.get(kind)?.delete(name);
  }

  async recordsSynced(): Promise<void> {
    // Memory needs no sync.
  }

  async sessions(): Promise<readonly ResumableSession[]> {
    return [...this.#sessions.values()];
  }

  saveSession(session: ResumableSession): void {
    this.#sessions.set(session.codeHash, session);
  }

  removeSession(codeHash: string): void {
    this.#sessions.delete(codeHash);
  }

  async sessionsSynced(): Promise<void> {
    // Memory needs no sync.
  }

  async close(): Promise<void> {
    // Memory is not opened. What is in it stays, for a server that goes on with it.
  }
}

/** Throws unless these blocks come next behind the `count` that are stored. */
function expectToFollow(count: number, stored: readonly AppendedBlock[]): void {
  for (const [place, { block }] of stored.entries()) {
    const next = count + place;
    if (block.Index !== next) throw new Error(`block ${block.Index} does not follow the ${next} that are stored`);
  }
}
