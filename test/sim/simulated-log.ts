import type { Clock } from '../../src/consensus/clock.ts';
import type { Batch, Change, Control, LoggedSeat } from '../../src/consensus/lottery/replicated/log-entry.ts';
import { batchText, controlText, readBatch, readControl } from '../../src/consensus/lottery/replicated/log-entry.ts';
import type { Leadership, LogRecord, StandingSeat } from '../../src/consensus/lottery/replicated/ordered-log.ts';
import type { ChainLog } from '../../src/node/doors.ts';
import type { Dice } from './dice.ts';

/** A door that is not heard of for so long is gone. */
const leaseMs = 5000;
/** How long an answer is waited for that does not come. */
const answerMs = 1000;

type Kept = LogRecord & { readonly kind: 'batch' | 'control' | 'leader' | 'door-gone' };

/** An ordered log whose way to its doors is slow, broken or without answers, as dice say. */
export class SimulatedLog {
  readonly #clock: Clock;
  readonly #dice: Dice;
  readonly #records: Kept[] = [];
  readonly #keys = new Set<string>();
  readonly #seats = new Map<string, { readonly seat: LoggedSeat; readonly door: string }>();
  readonly #doors = new Set<string>();
  readonly #cut = new Map<string, symbol>();
  #genesis: string | undefined;
  #leader: { readonly door: string; readonly term: number } | undefined;
  #head = 0;
  #position = 0;
  #news: (() => void)[] = [];
  /** From now on every answer comes. */
  isCalm = false;

  constructor(clock: Clock, dice: Dice) {
    this.#clock = clock;
    this.#dice = dice;
  }

  /** The log as a door sees it whose process has this clock. */
  open(door: string, clock: Clock): LogDoor {
    this.#doors.add(door);
    return new LogDoor(this, door, clock, this.#dice);
  }

  get leader(): { readonly door: string; readonly term: number } | undefined {
    return this.#leader;
  }

  get records(): readonly LogRecord[] {
    return this.#records;
  }

  isCut(door: string): boolean {
    return this.#cut.has(door);
  }

  /** Nothing comes through between the log and a door: it is cut off, or dead. */
  cut(door: string): void {
    const mark = Symbol(door);
    this.#cut.set(door, mark);
    this.#clock.wakeAt(this.#clock.monotonicMs() + leaseMs, () => {
      if (this.#cut.get(door) === mark) this.expire(door);
    });
  }

  heal(door: string): void {
    this.#cut.delete(door);
    this.#doors.add(door);
  }

  /** A door has left, or its lease is over. */
  expire(door: string): void {
    if (!this.#doors.delete(door)) return;
    this.#keep({ kind: 'door-gone', door });
    if (this.#leader?.door === door) this.resign(this.#leader.term);
  }

  resign(term: number): void {
    if (this.#leader?.term !== term) return;
    this.#leader = undefined;
    this.#keep({ kind: 'leader', door: undefined, term: 0 });
  }

  /** The term of a door that leads from now on; undefined while another one does. */
  elect(door: string): number | undefined {
    if (this.#leader !== undefined || !this.#doors.has(door)) return undefined;
    this.#leader = { door, term: this.#position + 1 };
    this.#keep({ kind: 'leader', ...this.#leader });
    return this.#leader.term;
  }

  genesis(made: string): string {
    this.#genesis ??= made;
    return this.#genesis;
  }

  get standingGenesis(): string | undefined {
    return this.#genesis;
  }

  seats(): readonly StandingSeat[] {
    return [...this.#seats.values()].map(({ seat, door }) => ({
      ...seat,
      heldBy: this.#doors.has(door) ? door : undefined,
    }));
  }

  append(door: string, sequence: number, batch: Batch): void {
    const key = `${door}/${sequence}`;
    if (this.#keys.has(key)) return;
    this.#keys.add(key);
    for (const change of batch.changes) this.#keepSeat(change, door);
    // What a log keeps is text.
    this.#keep({ kind: 'batch', door, sequence, ...readBatch(batchText(batch)) });
  }

  control(entry: Control, after: number, term: number): 'appended' | 'fenced' {
    if (this.#leader?.term !== term || after !== this.#head) return 'fenced';
    this.#keep({ kind: 'control', entry: readControl(controlText(entry)) });
    this.#head = this.#position;
    return 'appended';
  }

  record(place: number): LogRecord | undefined {
    return this.#records[place];
  }

  /** Resolves when the log has more. */
  async more(): Promise<void> {
    await new Promise<void>((resolve) => this.#news.push(resolve));
  }

  #keep(record: Kept extends infer R ? (R extends Kept ? Omit<R, 'position'> : never) : never): void {
    this.#position += 1;
    this.#records.push({ ...record, position: this.#position });
    for (const tell of this.#news.splice(0)) tell();
  }

  #keepSeat(change: Change, door: string): void {
    if (change.kind === 'seat') this.#seats.set(change.seat.codeHash, { seat: change.seat, door });
    if (change.kind === 'seat-left') this.#seats.set(change.seat.codeHash, { seat: change.seat, door: '' });
    if (change.kind === 'seat-gone') this.#seats.delete(change.codeHash);
  }
}

/** The log as one door sees it, until its process is killed. */
export class LogDoor implements ChainLog {
  readonly door: string;
  readonly #log: SimulatedLog;
  readonly #clock: Clock;
  readonly #dice: Dice;
  #losing = new AbortController();

  constructor(log: SimulatedLog, door: string, clock: Clock, dice: Dice) {
    this.#log = log;
    this.door = door;
    this.#clock = clock;
    this.#dice = dice;
  }

  async genesis(make: () => Promise<string>): Promise<string> {
    await this.#reach();
    return this.#log.standingGenesis ?? this.#log.genesis(await make());
  }

  async seats(): Promise<readonly StandingSeat[]> {
    await this.#reach();
    return this.#log.seats();
  }

  async append(batch: Batch, sequence: number, stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      await this.#reach();
      // Without an answer it is written or not.
      const isLost = !this.#log.isCalm && this.#dice.once(8);
      if (!isLost || this.#dice.once(2)) this.#log.append(this.door, sequence, batch);
      if (!isLost) return;
      await this.#sleep(answerMs);
    }
  }

  async control(entry: Control, after: number, { term }: Leadership): Promise<'appended' | 'fenced' | 'unknown'> {
    await this.#sleep(this.#dice.roll(30));
    if (this.#log.isCut(this.door)) {
      await this.#sleep(answerMs);
      return 'unknown';
    }
    const isLost = !this.#log.isCalm && this.#dice.once(4);
    const outcome = !isLost || this.#dice.once(2) ? this.#log.control(entry, after, term) : 'unknown';
    if (this.#log.leader?.term !== term) this.#losing.abort();
    if (!isLost) return outcome;
    await this.#sleep(answerMs);
    return 'unknown';
  }

  async *follow(stopping: AbortSignal): AsyncIterable<LogRecord> {
    const stopped = new Promise<void>((resolve) => stopping.addEventListener('abort', () => resolve(), { once: true }));
    for (let place = 0; !stopping.aborted; ) {
      await this.#reach();
      const record = this.#log.record(place);
      if (record === undefined) await Promise.race([this.#log.more(), stopped]);
      else {
        place += 1;
        yield record;
      }
    }
  }

  async campaign(stopping: AbortSignal): Promise<Leadership | undefined> {
    while (!stopping.aborted) {
      await this.#reach();
      const term = this.#log.elect(this.door);
      if (term !== undefined) return this.#lead(term);
      await this.#sleep(500);
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#log.expire(this.door);
  }

  #lead(term: number): Leadership {
    const losing = new AbortController();
    this.#losing = losing;
    return {
      term,
      lost: losing.signal,
      resign: async () => {
        losing.abort();
        this.#log.resign(term);
      },
    };
  }

  /** Some time on the way, or for as long as the way is cut. */
  async #reach(): Promise<void> {
    await this.#sleep(this.#dice.roll(20));
    while (this.#log.isCut(this.door)) await this.#sleep(200);
  }

  async #sleep(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => this.#clock.wakeAt(this.#clock.monotonicMs() + milliseconds, resolve));
  }
}
