/** The name of a member of an object, or an index into an array. */
export type JsonKey = string | number;

/** A text or a number somewhere in a JSON value, and the path to it. */
export interface JsonField {
  readonly path: readonly JsonKey[];
  readonly value: string | number;
}

/** Every text and number in a JSON value, in the order in which they stand. */
export function fieldsOf(json: unknown, path: readonly JsonKey[] = []): readonly JsonField[] {
  if (typeof json === 'string' || typeof json === 'number') return [{ path, value: json }];
  if (Array.isArray(json)) return json.flatMap((item, index) => fieldsOf(item, [...path, index]));
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => fieldsOf(value, [...path, key]));
}

/**
 * A copy of a JSON value with another value at the end of a path. The keys keep their order; a path that leads nowhere changes nothing. An
 * array index may be given as a number or as its digits.
 */
export function replaceField(json: unknown, path: readonly JsonKey[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const change = (part: unknown, name: JsonKey): unknown =>
    String(name) === String(key) ? replaceField(part, rest, value) : part;
  if (Array.isArray(json)) return json.map(change);
  if (typeof json !== 'object' || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([name, part]) => [name, change(part, name)]));
}
