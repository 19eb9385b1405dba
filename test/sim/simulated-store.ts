import type { Candidate } from '../../src/core/pool.ts';
import type { Account } from '../../src/ledger/account.ts';
import {
  type AppendedBlock,
  type BlockStore,
  DiskFullError,
  type RecordKind,
  type Rollback,
  StoreError,
} from '../../src/node/ports.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import type { Dice } from './dice.ts';
import type { Fault } from './faults.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { SimulatedRecords } from './simulated-records.ts';

/** A store on a disk that has faults. What it holds outlives the server. */
export class SimulatedStore implements BlockStore {
  readonly #memory = new MemoryStore();
  readonly #records = new SimulatedRecords();
  readonly #clock: SimulatedClock;
  readonly #dice: Dice;
  readonly #faults: ReadonlySet<Fault>;
  #fullUntilMs = 0;
  #isCalm = false;
  /** When the process that has the store opened it. */
  #openedMs = 0;
  /** The process died while it stored a block. */
  hasCrashed = false;
  /** The blocks that were to be stored last, stored or not, by the index of the first. */
  lastAttempt: { readonly index: number; readonly text: string } | undefined;
  /** A block was changed between two attempts to store it. */
  hasRedrawn = false;
  /** A sealed pool is being written, and not kept yet. */
  isKeepingPool = false;
  /** How often each fault has happened. */
  readonly counts: Map<Fault, number> = new Map();

  constructor(clock: SimulatedClock, dice: Dice, faults: ReadonlySet<Fault>) {
    this.#clock = clock;
    this.#dice = dice;
    this.#faults = faults;
  }

  get height(): number {
    return this.#memory.height;
  }

  blocks(first?: number): AsyncIterable<readonly string[]> {
    return this.#memory.blocks(first);
  }

  block(index: number): Promise<string | undefined> {
    return this.#memory.block(index);
  }

  blockByHash(hash: string): Promise<string | undefined> {
    return this.#memory.blockByHash(hash);
  }

  blockRange(first: number, last: number): Promise<readonly string[]> {
    return this.#memory.blockRange(first, last);
  }

  pool(index: number): Promise<readonly Candidate[] | undefined> {
    return this.#memory.pool(index);
  }

  poolText(index: number): Promise<string | undefined> {
    return this.#memory.poolText(index);
  }

  accounts(): Promise<readonly Account[]> {
    return this.#memory.accounts();
  }

  sealOf(index: number): Promise<string | undefined> {
    return this.#memory.sealOf(index);
  }

  signedBodyText(index: number): Promise<string | undefined> {
    return this.#memory.signedBodyText(index);
  }

  blockOfTransaction(id: string): Promise<number | undefined> {
    return this.#memory.blockOfTransaction(id);
  }

  async records(kind: RecordKind): Promise<readonly (readonly [string, string])[]> {
    return this.#records.of(kind);
  }

  saveRecord(kind: RecordKind, name: string, text: string): void {
    if (kind === 'sealed') this.isKeepingPool = true;
    if (!this.hasCrashed) this.#records.write(kind, name, text);
  }

  removeRecord(kind: RecordKind, name: string): void {
    if (!this.hasCrashed) this.#records.write(kind, name, undefined);
  }

  async recordsSynced(): Promise<void> {
    const keep = this.#records.sync();
    // A process that opens its store lets no time pass.
    const isOpening = this.#clock.monotonicMs() === this.#openedMs;
    if (!isOpening && this.#strikes('crash', 60)) this.hasCrashed = true;
    if (!isOpening) await this.#pass(this.#dice.roll(50));
    keep();
    this.isKeepingPool = false;
  }

  async append(...stored: readonly AppendedBlock[]): Promise<void> {
    const text = stored.map((one) => one.text).join('\n');
    const index = this.height + 1;
    if (this.lastAttempt?.index === index && this.lastAttempt.text !== text) this.hasRedrawn = true;
    this.lastAttempt = { index, text };
    // The genesis is stored before anybody lets time pass.
    if (index > 0) await this.#suffer(() => this.#memory.append(...stored));
    await this.#memory.append(...stored);
  }

  async replace(rollback: Rollback, ...stored: readonly AppendedBlock[]): Promise<void> {
    const write = async (): Promise<void> => {
      await this.#memory.replace(rollback, ...stored);
      for (const [id, text] of rollback.returned ?? []) this.#records.write('waiting', id, text);
      this.#records.sync()();
    };
    await this.#suffer(write);
    await write();
  }

  verifyPlace(): Promise<void> {
    return this.#memory.verifyPlace();
  }

  /** A new process opens the store. What one that was not stopped did not sync may be lost, from some moment on. */
  reopen(wasStopped = false): void {
    const { unsynced } = this.#records;
    const keepsAll = unsynced === 0 || (wasStopped && !this.hasCrashed);
    this.#records.reopen(keepsAll ? unsynced : this.#dice.roll(unsynced + 1));
    this.hasCrashed = false;
    this.#openedMs = this.#clock.monotonicMs();
    this.isKeepingPool = false;
    // A draw of which nobody heard may be made again after a restart.
    this.lastAttempt = undefined;
  }

  /** The disk has no faults any more. */
  calm(): void {
    this.#isCalm = true;
  }

  /** All stored blocks as JSON values. */
  async chain(): Promise<readonly unknown[]> {
    return (await this.texts()).map((text): unknown => JSON.parse(text));
  }

  async texts(): Promise<readonly string[]> {
    const texts: string[] = [];
    for await (const batch of this.blocks()) texts.push(...batch);
    return texts;
  }

  /** @param write what a write does whose outcome is not known */
  async #suffer(write: () => Promise<void>): Promise<void> {
    const dice = this.#dice;
    await this.#pass(dice.roll(this.#strikes('disk-slow', 20) ? 3000 : 50));
    if (this.#strikes('disk-full', 15)) this.#fullUntilMs = this.#clock.monotonicMs() + dice.roll(8000);
    if (!this.#isCalm && this.#clock.monotonicMs() < this.#fullUntilMs) throw new DiskFullError('simulated: no room');
    if (this.#strikes('disk-failure', 60)) {
      if (dice.once(2)) await write();
      throw new StoreError('simulated: the disk refuses');
    }
    if (this.#strikes('crash', 30)) {
      // Before, while or after: a batch is stored as a whole or not at all.
      if (dice.once(2)) await write();
      this.hasCrashed = true;
      await new Promise<never>(() => undefined);
    }
  }

  #strikes(fault: Fault, sides: number): boolean {
    const doesIt = this.#faults.has(fault) && this.#dice.once(sides) && !this.#isCalm;
    if (doesIt) this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    return doesIt;
  }

  async #pass(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.wakeAt(this.#clock.monotonicMs() + milliseconds, resolve));
    if (this.hasCrashed) await new Promise<never>(() => undefined);
  }
}
