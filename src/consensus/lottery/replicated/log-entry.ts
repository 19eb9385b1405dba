/** What people did at a door, in the order in which it happened there. */
export type Change =
  | { readonly kind: 'candidate'; readonly validator: string; readonly stake: bigint; readonly payload: number }
  /** The validator was slashed: a candidate of it that waits is in no draw. */
  | { readonly kind: 'withdrawn'; readonly validator: string }
  /** A connection here holds a seat, which is new, or was held elsewhere, or is another than it was. */
  | { readonly kind: 'seat'; readonly seat: LoggedSeat }
  /** The person left: the seat can be resumed for a while. */
  | { readonly kind: 'seat-left'; readonly seat: LoggedSeat }
  /** The code of a seat gives nothing back any more. */
  | { readonly kind: 'seat-gone'; readonly codeHash: string }
  /** The operator of a door wants this of all. */
  | { readonly kind: 'paused' | 'resumed' | 'round-over' };

/** What a door writes at once. */
export interface Batch {
  /** The position up to which the door had read the log before the first of these. */
  readonly read: number;
  readonly changes: readonly Change[];
}

/** A validator's place, as every door knows it. Of its code only a hash is told. */
export interface LoggedSeat {
  readonly codeHash: string;
  readonly address: string;
  readonly stake: bigint;
  readonly strikes: number;
}

/** What the leading door alone may write, each behind the one before. */
export type Control =
  /** The round is over: what stood in the log before is in the draw of block `index`, which has this Timestamp. */
  | { readonly kind: 'closed'; readonly index: number; readonly timestamp: string }
  /** A block, as its JSON text. */
  | { readonly kind: 'block'; readonly text: string };

/** Writes a batch as JSON. */
export function batchText(batch: Batch): string {
  return JSON.stringify(batch, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

/** Writes a control entry as JSON. */
export function controlText(control: Control): string {
  return JSON.stringify(control);
}

/** Reads a batch. Throws a LogError where it is none: another program, or another version, has written to the log. */
export function readBatch(text: string): Batch {
  const fields = new Fields(parse(text));
  return { read: fields.whole('read'), changes: fields.list('changes').map(readChange) };
}

/** Reads a control entry. Throws a LogError where it is none. */
export function readControl(text: string): Control {
  const fields = new Fields(parse(text));
  const kind = fields.text('kind');
  switch (kind) {
    case 'closed':
      return { kind, index: fields.whole('index'), timestamp: fields.text('timestamp') };
    case 'block':
      return { kind, text: fields.text('text') };
    default:
      throw new LogError(`no control entry is of the kind ${kind.slice(0, 64)}`);
  }
}

/** What stands in the log was not written by a door of this version. */
export class LogError extends Error {
  override readonly name = 'LogError';
}

function readChange(fields: Fields): Change {
  const kind = fields.text('kind');
  switch (kind) {
    case 'candidate':
      return {
        kind,
        validator: fields.text('validator'),
        stake: fields.tokens('stake'),
        payload: fields.whole('payload'),
      };
    case 'withdrawn':
      return { kind, validator: fields.text('validator') };
    case 'seat':
    case 'seat-left':
      return { kind, seat: readSeat(fields.inner('seat')) };
    case 'seat-gone':
      return { kind, codeHash: fields.text('codeHash') };
    case 'paused':
    case 'resumed':
    case 'round-over':
      return { kind };
    default:
      throw new LogError(`no change is of the kind ${kind.slice(0, 64)}`);
  }
}

/** Writes a seat as JSON, with the door that holds it; none where its holder has left. */
export function seatText({ stake, ...seat }: LoggedSeat, door: string): string {
  return JSON.stringify({ ...seat, stake: String(stake), door });
}

/** Reads a seat that was written so. Throws a LogError where it is none. */
export function readSeatText(text: string): { readonly seat: LoggedSeat; readonly door: string } {
  const fields = new Fields(parse(text));
  return { seat: readSeat(fields), door: fields.text('door') };
}

function readSeat(fields: Fields): LoggedSeat {
  return {
    codeHash: fields.text('codeHash'),
    address: fields.text('address'),
    stake: fields.tokens('stake'),
    strikes: fields.whole('strikes'),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new LogError(`an entry of the log is JSON, not ${text.slice(0, 64)}`);
  }
}

/** The fields of an entry, read one by one. */
class Fields {
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(json: unknown) {
    if (typeof json !== 'object' || json === null) throw new LogError('an entry of the log is an object');
    this.#values = new Map(Object.entries(json));
  }

  text(name: string): string {
    const value = this.#values.get(name);
    return typeof value === 'string' ? value : this.#missing(name);
  }

  whole(name: string): number {
    const value = this.#values.get(name);
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : this.#missing(name);
  }

  tokens(name: string): bigint {
    const value = this.text(name);
    return /^\d+$/.test(value) ? BigInt(value) : this.#missing(name);
  }

  list(name: string): readonly Fields[] {
    const value = this.#values.get(name);
    return Array.isArray(value) ? value.map((item: unknown) => new Fields(item)) : this.#missing(name);
  }

  inner(name: string): Fields {
    return new Fields(this.#values.get(name));
  }

  #missing(name: string): never {
    throw new LogError(`an entry of the log has no such ${name} as it should`);
  }
}
