import { on } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Etcd3,
  type IEvent,
  type IKeyValue,
  type IOperation,
  type IWatchResponse,
  type Lease,
  type Namespace,
} from 'etcd3';
import { messageOf } from '../base/error-message.ts';
import {
  type Batch,
  batchText,
  type Change,
  type Control,
  controlText,
  LogError,
  readBatch,
  readControl,
  readSeatText,
  seatText,
} from '../consensus/lottery/replicated/log-entry.ts';
import type { Leadership, LogRecord, StandingSeat } from '../consensus/lottery/replicated/ordered-log.ts';
import type { ChainLog } from '../node/doors.ts';
import { limits } from './limits.ts';

export interface EtcdOptions {
  /** As in http://127.0.0.1:2379. */
  readonly hosts: readonly string[];
  readonly auth?: { readonly username: string; readonly password: string };
  readonly credentials?: {
    readonly rootCertificate: Buffer;
    readonly privateKey?: Buffer;
    readonly certChain?: Buffer;
  };
  /** Before all keys, so that several lotteries can share an etcd. */
  readonly prefix: string;
  /** The name of this run of this door: no other may have it. */
  readonly door: string;
  /** Hears, in a line, that etcd does not answer and is asked again, and that it answers again. */
  readonly tell: (words: string) => void;
}

/** Stands where the names of doors do. */
const controlDoor = 'control';

/** The key behind which entries stand, and others. Batches and control entries are never changed. */
const keys = {
  entries: 'log/',
  batch: (door: string, sequence: number) => `log/${door}/${String(sequence).padStart(12, '0')}`,
  /** Of a control entry, named by the position of the one before it: each has one successor. */
  control: (after: number) => `log/${controlDoor}/${String(after).padStart(16, '0')}`,
  /** Changed with every control entry, so that its revision is the position of the last one. */
  head: 'head',
  leader: 'leader',
  doors: 'doors/',
  door: (door: string) => `doors/${door}`,
  seats: 'seats/',
  seat: (codeHash: string) => `seats/${codeHash}`,
  genesis: 'genesis',
} as const;

/**
 * The ordered log of several doors in an etcd (v3). The order is that of its revisions. An entry is a key that is created once, so that what is tried again
 * stands there once; a leader is the holder of a key that goes with its lease, and every control entry is one transaction that asks for that very key
 * and for the last control entry. Everything survives what etcd survives.
 */
export class EtcdLog implements ChainLog {
  readonly door: string;
  readonly #client: Etcd3;
  readonly #options: EtcdOptions;
  #lease: Lease | undefined;
  #address = '';
  /** The last question to etcd had no answer. */
  #isSilent = false;
  /** Aborted when this door may lead no more. */
  #losing: AbortController | undefined;
  readonly #closing = new AbortController();
  /** Called when the leader may have changed. */
  #leaderChanged: () => void = () => undefined;

  private constructor(options: EtcdOptions, client: Etcd3) {
    this.door = options.door;
    this.#options = options;
    this.#client = client;
  }

  /** Connects. Rejects with the error of etcd where none of the hosts answers. */
  static async open(options: EtcdOptions): Promise<EtcdLog> {
    const { hosts, auth, credentials } = options;
    const client = new Etcd3({
      hosts: [...hosts],
      ...(auth === undefined ? {} : { auth }),
      ...(credentials === undefined ? {} : { credentials }),
      dialTimeout: limits.answerMs,
      defaultCallOptions: ({ isStream }) => (isStream ? {} : { deadline: Date.now() + limits.answerMs }),
    });
    const log = new EtcdLog(options, client);
    try {
      await log.#space.get(keys.head).exec();
    } catch (error) {
      client.close();
      throw error;
    }
    await log.#announce();
    return log;
  }

  /** Makes known where people, and other doors, find this one. */
  async announceAt(address: string): Promise<void> {
    this.#address = address;
    await this.#lease?.put(keys.door(this.door)).value(address).exec();
  }

  /** The genesis of the chain: the one that stands there, or the one that is made now and is there first. */
  async genesis(make: () => Promise<string>): Promise<string> {
    const standing = await this.#space.get(keys.genesis).string();
    if (standing !== null) return standing;
    const made = await make();
    await this.#space.if(keys.genesis, 'Create', '==', 0).then(this.#space.put(keys.genesis).value(made)).commit();
    return (await this.#space.get(keys.genesis).string()) ?? made;
  }

  /** Where the other doors that are there can be asked. */
  async otherDoors(): Promise<readonly string[]> {
    const doors = await this.#space.getAll().prefix(keys.doors).strings();
    return Object.entries(doors).flatMap(([key, address]) => (key === keys.door(this.door) ? [] : [address]));
  }

  async append(batch: Batch, sequence: number, stopping: AbortSignal): Promise<void> {
    const space = this.#space;
    const key = keys.batch(this.door, sequence);
    // The last change of a seat counts: a transaction takes a key once.
    const seats = new Map(batch.changes.flatMap((change) => this.#seatOperation(change)));
    await this.#untilAnswered(stopping, async () => {
      await space
        .if(key, 'Create', '==', 0)
        .then(space.put(key).value(batchText(batch)), ...seats.values())
        .commit();
    });
  }

  async control(entry: Control, after: number, { term }: Leadership): Promise<'appended' | 'fenced' | 'unknown'> {
    const space = this.#space;
    const key = keys.control(after);
    try {
      const { succeeded } = await space
        .if(keys.leader, 'Create', '==', term)
        .and(keys.head, 'Mod', '==', after)
        .then(space.put(key).value(controlText(entry)), space.put(keys.head).value(key))
        .commit();
      this.#answered();
      if (succeeded) return 'appended';
      if ((await this.#leader())?.term !== term) this.#losing?.abort();
      return 'fenced';
    } catch (error) {
      this.#failed(error);
      await delay(limits.retryMs);
      return 'unknown';
    }
  }

  async seats(): Promise<readonly StandingSeat[]> {
    const [seats, doors] = await Promise.all([
      this.#space.getAll().prefix(keys.seats).strings(),
      this.#space.getAll().prefix(keys.doors).keys(),
    ]);
    return Object.values(seats).map((text) => {
      const { seat, door } = readSeatText(text);
      return { ...seat, heldBy: doors.includes(keys.door(door)) ? door : undefined };
    });
  }

  async *follow(stopping: AbortSignal): AsyncIterable<LogRecord> {
    let last = 0;
    while (!stopping.aborted) {
      const page = await this.#untilAnswered(stopping, () => this.#readPage(last));
      if (page === undefined) return;
      for (const record of page.records) {
        yield record;
        last = record.position;
      }
      if (page.isWhole) {
        yield page.leader;
        for await (const record of this.#watch(page.revision + 1, stopping)) {
          if (record.kind === 'batch' || record.kind === 'control') last = record.position;
          yield record;
        }
      }
    }
  }

  async campaign(stopping: AbortSignal): Promise<Leadership | undefined> {
    while (!stopping.aborted) {
      const term = await this.#untilAnswered(stopping, () => this.#candidacy());
      if (term !== undefined) return this.#lead(term);
      await this.#leaderMayHaveChanged(stopping);
    }
    return undefined;
  }

  /** Leaves: another door leads, and people may come back through others, at once. */
  async close(): Promise<void> {
    this.#closing.abort();
    const lease = this.#lease;
    this.#lease = undefined;
    // An etcd that does not answer lets the lease end by itself.
    await lease?.revoke().catch(() => undefined);
    this.#client.close();
  }

  get #space(): Namespace {
    return this.#client.namespace(this.#options.prefix);
  }

  /** The operation that keeps a seat as the last change of it leaves it. */
  #seatOperation(change: Change): readonly (readonly [string, IOperation])[] {
    const space = this.#space;
    switch (change.kind) {
      case 'seat':
      case 'seat-left': {
        const { codeHash } = change.seat;
        const text = seatText(change.seat, change.kind === 'seat' ? this.door : '');
        return [[codeHash, space.put(keys.seat(codeHash)).value(text)]];
      }
      case 'seat-gone':
        return [[change.codeHash, space.delete().key(keys.seat(change.codeHash))]];
      default:
        return [];
    }
  }

  /** Takes the lead where none has it. Undefined where another door does. */
  async #candidacy(): Promise<number | undefined> {
    const lease = this.#lease;
    if (lease === undefined) return undefined;
    const space = this.#space;
    const id = await lease.grant();
    await space.if(keys.leader, 'Create', '==', 0).then(space.put(keys.leader).value(this.door).lease(id)).commit();
    const leader = await this.#leader();
    return leader?.door === this.door ? leader.term : undefined;
  }

  #lead(term: number): Leadership {
    const losing = new AbortController();
    this.#losing = losing;
    const space = this.#space;
    return {
      term,
      lost: losing.signal,
      resign: async () => {
        losing.abort();
        await space
          .if(keys.leader, 'Create', '==', term)
          .then(space.delete().key(keys.leader))
          .commit()
          // The lease ends it otherwise.
          .catch(() => undefined);
      },
    };
  }

  async #leader(): Promise<{ readonly door: string; readonly term: number } | undefined> {
    const { kvs } = await this.#space.get(keys.leader).exec();
    const [leader] = kvs;
    return leader && { door: leader.value.toString(), term: Number(leader.create_revision) };
  }

  /** Resolves when the leader may be another, or so much later that a word of it may have been lost. */
  async #leaderMayHaveChanged(stopping: AbortSignal): Promise<void> {
    const changed = new AbortController();
    this.#leaderChanged = () => changed.abort();
    const signal = AbortSignal.any([changed.signal, stopping]);
    await delay(limits.leaseSeconds * 1000, undefined, { signal }).catch(() => undefined);
  }

  /** Makes the door known as long as its lease lasts, and again when it was lost. */
  async #announce(): Promise<void> {
    const { door } = this.#options;
    const lease = this.#space.lease(limits.leaseSeconds);
    lease.on('lost', (error) => {
      if (this.#lease !== lease) return;
      this.#lease = undefined;
      this.#losing?.abort();
      this.#failed(error);
      void this.#untilAnswered(this.#closing.signal, () => this.#announce());
    });
    await lease.put(keys.door(door)).value(this.#address).exec();
    if (this.#closing.signal.aborted) await lease.revoke();
    else this.#lease = lease;
  }

  /** Reads some of the entries behind a position, and where the log ends with them, who leads. */
  async #readPage(last: number): Promise<LogPage> {
    const range = await this.#space
      .getAll()
      .prefix(keys.entries)
      .minModRevision(last + 1)
      .sort('Mod', 'Ascend')
      .limit(limits.pageLength)
      .exec();
    const revision = Number(range.header.revision);
    const { kvs } = await this.#space.get(keys.leader).revision(revision).exec();
    const [leader] = kvs;
    return {
      records: range.kvs.map((pair) => this.#recordOf(pair)),
      isWhole: !range.more,
      revision,
      leader: {
        kind: 'leader',
        position: revision,
        door: leader?.value.toString(),
        term: Number(leader?.create_revision ?? 0),
      },
    };
  }

  /** What comes into the log from a revision on, until `stopping` is aborted, or etcd does not remember that revision any more. */
  async *#watch(revision: number, stopping: AbortSignal): AsyncIterable<LogRecord> {
    const watcher = await this.#untilAnswered(stopping, () =>
      this.#space.watch().prefix('').startRevision(String(revision)).create(),
    );
    if (watcher === undefined) return;
    let next = revision;
    try {
      for await (const [response] of on(watcher, 'data', { signal: stopping })) {
        const { events, header }: IWatchResponse = response;
        for (const { type, kv } of events) {
          const position = Number(kv.mod_revision);
          // A watch that was connected again may begin a little before it was cut.
          const record = position < next ? undefined : this.#newsOf(type, kv, position);
          if (record !== undefined) yield record;
        }
        next = Math.max(next, Number(header.revision) + 1);
      }
    } catch (error) {
      if (!stopping.aborted) this.#failed(error);
    } finally {
      await watcher.cancel().catch(() => undefined);
    }
  }

  #newsOf(type: IEvent['type'], pair: IKeyValue, position: number): LogRecord | undefined {
    const key = this.#keyOf(pair);
    const isGone = type === 'Delete';
    if (key === keys.leader) {
      this.#leaderChanged();
      const door = isGone ? undefined : pair.value.toString();
      return { kind: 'leader', position, door, term: isGone ? 0 : Number(pair.create_revision) };
    }
    if (key.startsWith(keys.doors) && isGone)
      return { kind: 'door-gone', position, door: key.slice(keys.doors.length) };
    return key.startsWith(keys.entries) && !isGone ? this.#recordOf(pair) : undefined;
  }

  #recordOf(pair: IKeyValue): LogRecord {
    const key = this.#keyOf(pair);
    const [, door = '', number = ''] = key.split('/');
    const position = Number(pair.mod_revision);
    const text = pair.value.toString();
    if (door === controlDoor) return { kind: 'control', position, entry: readControl(text) };
    if (!/^\d+$/.test(number)) throw new LogError(`the log has a key that is none of ours: ${key.slice(0, 64)}`);
    return { kind: 'batch', position, door, sequence: Number(number), ...readBatch(text) };
  }

  /** The key without what the keys of this lottery begin with. */
  #keyOf({ key }: IKeyValue): string {
    const text = key.toString();
    const { prefix } = this.#options;
    return text.startsWith(prefix) ? text.slice(prefix.length) : text;
  }

  /** Told once, however often the same is tried. */
  #failed(error: unknown): void {
    if (!this.#isSilent) this.#options.tell(`The log does not answer, and is asked again: ${messageOf(error)}`);
    this.#isSilent = true;
  }

  #answered(): void {
    if (this.#isSilent) this.#options.tell('The log answers again.');
    this.#isSilent = false;
  }

  /** Does something until etcd has answered. Undefined when `stopping` is aborted before. */
  async #untilAnswered<T>(stopping: AbortSignal, ask: () => Promise<T>): Promise<T | undefined> {
    while (!stopping.aborted) {
      try {
        const answer = await ask();
        this.#answered();
        return answer;
      } catch (error) {
        if (error instanceof LogError) throw error;
        this.#failed(error);
        await delay(limits.retryMs, undefined, { signal: stopping }).catch(() => undefined);
      }
    }
    return undefined;
  }
}

/** Some entries of the log, in its order. */
interface LogPage {
  readonly records: readonly LogRecord[];
  /** No more follow up to `revision`. */
  readonly isWhole: boolean;
  readonly revision: number;
  readonly leader: LogRecord;
}
