/** Reads a JSON value that stands at `at` as what it has to be. Throws, in words, when it is something else. */
export type Reader<T> = (json: unknown, at: string) => T;

/** A JSON object of the type `T`, whose keys are read one by one; keys that nobody asks for are passed over. */
export class JsonObject<T> {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #at: string;

  /** Throws when it is no object. */
  constructor(json: unknown, at: string) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) misfit(at, 'an object');
    this.#values = { ...json };
    this.#at = at;
  }

  /** Whether there is such a key, whatever its value. */
  has(key: keyof T & string): boolean {
    return Object.hasOwn(this.#values, key);
  }

  /** Throws when the value is missing or not what the reader wants. */
  read<K extends keyof T & string, V extends T[K]>(key: K, reader: Reader<V>): V {
    return reader(this.#values[key], `${this.#at}.${key}`);
  }
}

/** Any string. */
export function text(json: unknown, at: string): string {
  return typeof json === 'string' ? json : misfit(at, 'a text');
}

/** Any number that JSON has: a finite one. */
export function number(json: unknown, at: string): number {
  return typeof json === 'number' ? json : misfit(at, 'a number');
}

/** True or false. */
export function flag(json: unknown, at: string): boolean {
  return typeof json === 'boolean' ? json : misfit(at, 'true or false');
}

/** Tokens: decimal digits without leading zeros. */
export function amount(json: unknown, at: string): string {
  return typeof json === 'string' && /^(?:0|[1-9]\d*)$/.test(json) ? json : misfit(at, 'an amount');
}

/** One of these words and no other. */
export function oneOf<W extends string>(...words: readonly W[]): Reader<W> {
  return (json, at) => words.find((word) => word === json) ?? misfit(at, `one of ${words.join(', ')}`);
}

/** What the reader reads, or null. */
export function orNull<T>(reader: Reader<T>): Reader<T | null> {
  return (json, at) => (json === null ? null : reader(json, at));
}

/** A list of what the reader reads. */
export function listOf<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (json, at) => list(json, at).map((item, place) => reader(item, `${at}[${place}]`));
}

/** A list of anything. */
export function list(json: unknown, at: string): readonly unknown[] {
  return Array.isArray(json) ? json : misfit(at, 'a list');
}

/** Throws a TypeError that says what has to stand there. */
export function misfit(at: string, what: string): never {
  throw new TypeError(`The server's answer cannot be read: ${at} is not ${what}.`);
}
