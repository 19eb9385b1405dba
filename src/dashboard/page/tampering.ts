type Key = string | number;

/** A value somewhere in a JSON document, and the way to it. */
export interface Field {
  readonly path: readonly Key[];
  readonly value: string | number;
}

/** Every text and number in a JSON value, in the order in which they stand. */
export function fieldsOf(json: unknown, path: readonly Key[] = []): readonly Field[] {
  if (typeof json === 'string' || typeof json === 'number') return [{ path, value: json }];
  if (Array.isArray(json)) return json.flatMap((item, place) => fieldsOf(item, [...path, place]));
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => fieldsOf(value, [...path, key]));
}

/** The same JSON value with another value at the end of a path; the keys keep their order. */
export function replaced(json: unknown, path: readonly Key[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(json)) return json.map((item, place) => (place === key ? replaced(item, rest, value) : item));
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([name, item]) => [name, name === key ? replaced(item, rest, value) : item]),
  );
}

/** What somebody typed in place of a value: a number where one stood and one was typed, otherwise a text. */
export function typedLike(value: string | number, text: string): string | number {
  return typeof value === 'number' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** A path as it is written: Draw.Path[0].Stake. */
export function pathName(path: readonly Key[]): string {
  return path.map((key, place) => (typeof key === 'number' ? `[${key}]` : place === 0 ? key : `.${key}`)).join('');
}
