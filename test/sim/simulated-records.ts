import type { RecordKind } from '../../src/node/ports.ts';

/** A record that was saved, or without a text removed. */
interface Write {
  readonly kind: RecordKind;
  readonly name: string;
  readonly text: string | undefined;
}

type Records = Map<RecordKind, Map<string, string>>;

/** Records beside a ledger, on a disk that may lose what was not synced, from some moment on. */
export class SimulatedRecords {
  readonly #disk: Records = new Map();
  #seen: Records = new Map();
  /** What may still be lost, in the order in which it was said. What one turn of the event loop says is written as a whole. */
  #turns: Write[][] = [];
  #openTurn: Write[] | undefined;

  of(kind: RecordKind): readonly (readonly [string, string])[] {
    return [...(this.#seen.get(kind) ?? [])];
  }

  write(kind: RecordKind, name: string, text: string | undefined): void {
    const write = { kind, name, text };
    apply(this.#seen, write);
    // A sync may have taken this turn's first writes already.
    if (this.#openTurn === undefined || this.#turns.at(-1) !== this.#openTurn) this.#openTurn = this.#beginTurn();
    this.#openTurn.push(write);
  }

  /** Returns what makes all that was said so far safe. */
  sync(): () => void {
    const last = this.#turns.at(-1);
    // What another sync has made safe is not there any more.
    return () => this.#keep(last === undefined ? 0 : this.#turns.indexOf(last) + 1);
  }

  get unsynced(): number {
    return this.#turns.length;
  }

  /** A new process reads what is on the disk: of what was not synced, as much as `kept` turns. */
  reopen(kept: number): void {
    this.#keep(kept);
    this.#turns = [];
    this.#seen = new Map([...this.#disk].map(([kind, records]) => [kind, new Map(records)]));
  }

  #beginTurn(): Write[] {
    const turn: Write[] = [];
    this.#turns.push(turn);
    queueMicrotask(() => {
      if (this.#openTurn === turn) this.#openTurn = undefined;
    });
    return turn;
  }

  #keep(turns: number): void {
    for (const write of this.#turns.splice(0, turns).flat()) apply(this.#disk, write);
  }
}

function apply(all: Records, { kind, name, text }: Write): void {
  const records = all.get(kind) ?? new Map<string, string>();
  if (text === undefined) records.delete(name);
  else records.set(name, text);
  all.set(kind, records);
}
