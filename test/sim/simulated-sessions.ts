import type { ResumableSession, ResumableSessionStore } from '../../src/node/ports.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import type { Dice } from './dice.ts';
import type { Fault } from './faults.ts';
import type { SimulatedClock } from './simulated-clock.ts';

type Write = (sessions: ResumableSessionStore) => void;

/** Sessions on a disk that has faults: a crash takes back what was not synced, from some moment on. */
export class SimulatedSessions implements ResumableSessionStore {
  readonly #disk = new MemoryStore();
  readonly #clock: SimulatedClock;
  readonly #dice: Dice;
  readonly #faults: ReadonlySet<Fault>;
  /** What may still be lost, in the order in which it was said. */
  #unsynced: Write[] = [];
  #isCalm = false;
  /** The process died while it synced sessions. */
  hasCrashed = false;
  /** How often each fault has happened. */
  readonly counts: Map<Fault, number> = new Map();

  constructor(clock: SimulatedClock, dice: Dice, faults: ReadonlySet<Fault>) {
    this.#clock = clock;
    this.#dice = dice;
    this.#faults = faults;
  }

  async sessions(): Promise<readonly ResumableSession[]> {
    return this.#disk.sessions();
  }

  saveSession(session: ResumableSession): void {
    // A session changes after it was saved, and what was saved does not.
    const saved = { ...session };
    this.#unsynced.push((sessions) => sessions.saveSession(saved));
  }

  removeSession(codeHash: string): void {
    this.#unsynced.push((sessions) => sessions.removeSession(codeHash));
  }

  async sessionsSynced(): Promise<void> {
    const last = this.#unsynced.at(-1);
    if (this.#faults.has('crash') && this.#dice.once(20) && !this.#isCalm) {
      this.counts.set('crash', (this.counts.get('crash') ?? 0) + 1);
      this.hasCrashed = true;
      await new Promise<never>(() => undefined);
    }
    await new Promise<void>((resolve) => this.#clock.wakeAt(this.#clock.monotonicMs() + this.#dice.roll(50), resolve));
    // What came meanwhile may be lost still; what another sync has made safe is not there any more.
    if (last !== undefined) this.#keep(this.#unsynced.indexOf(last) + 1);
  }

  /** The disk has no faults any more. */
  calm(): void {
    this.#isCalm = true;
  }

  /** The process has ended, and a new one opens the store. One that was stopped has written everything. */
  reopen(wasStopped: boolean): void {
    this.hasCrashed = false;
    this.#keep(wasStopped ? this.#unsynced.length : this.#dice.roll(this.#unsynced.length + 1));
    this.#unsynced = [];
  }

  #keep(count: number): void {
    for (const write of this.#unsynced.splice(0, count)) write(this.#disk);
  }
}
