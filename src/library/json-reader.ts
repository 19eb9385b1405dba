/** Reads a JSON value as a `T`; `at` is its path. Throws a TypeError that names the path when the value is something else. */
export type Reader<T> = (json: unknown, at: string) => T;

/** A JSON object of the type `T`, whose keys are read one by one. Unknown keys are ignored. */
export class JsonObject<T> {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #at: string;

  /** Throws a TypeError when the value is not an object. */
  constructor(json: unknown, at: string) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) mismatch(at, 'an object');
    this.#values = { ...json };
    this.#at = at;
  }

  /** True when the key is present, whatever its value. */
  has(key: keyof T & string): boolean {
    return Object.hasOwn(this.#values, key);
  }

  /** Throws a TypeError when the value is missing or refused by the reader. */
  read<K extends keyof T & string, V extends T[K]>(key: K, reader: Reader<V>): V {
    return reader(this.#values[key], `${this.#at}.${key}`);
  }
}

/** Any string. */
export function text(json: unknown, at: string): string {
  return typeof json === 'string' ? json : mismatch(at, 'a text');
}

/** Any number: those of JSON are finite. */
export function number(json: unknown, at: string): number {
  return typeof json === 'number' ? json : mismatch(at, 'a number');
}

/** True or false. */
export function flag(json: unknown, at: string): boolean {
  return typeof json === 'boolean' ? json : mismatch(at, 'true or false');
}

/** Tokens: decimal digits without leading zeros. */
export function amount(json: unknown, at: string): string {
  return typeof json === 'string' && /^(?:0|[1-9]\d*)$/.test(json) ? json : mismatch(at, 'an amount');
}

/** One of these words and no other. */
export function oneOf<W extends string>(...words: readonly W[]): Reader<W> {
  return (json, at) => words.find((word) => word === json) ?? mismatch(at, `one of ${words.join(', ')}`);
}

/** A value that the reader accepts, or null. */
export function orNull<T>(reader: Reader<T>): Reader<T | null> {
  return (json, at) => (json === null ? null : reader(json, at));
}

/** A list of values that the reader accepts. */
export function listOf<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (json, at) => list(json, at).map((item, place) => reader(item, `${at}[${place}]`));
}

/** A list of anything. */
export function list(json: unknown, at: string): readonly unknown[] {
  return Array.isArray(json) ? json : mismatch(at, 'a list');
}

/** Throws a TypeError that says what is expected at a path. */
export function mismatch(at: string, what: string): never {
  throw new TypeError(`The server's answer cannot be read: ${at} is not ${what}.`);
}
