/** A value somewhere in a block, by its keys joined with dots: `BPM`, `Draw.Stake`, `Draw.Path.0.Hash`. */
export interface Field {
  readonly path: string;
  readonly value: string | number;
}

/** All values of a block, in their order. */
export function fieldsOf(json: unknown, path: string = ''): readonly Field[] {
  if (typeof json === 'string' || typeof json === 'number') return [{ path, value: json }];
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => fieldsOf(value, path === '' ? key : `${path}.${key}`));
}

/** The field of that name: its whole path, or the end of it where the outermost such field is meant; case does not count. */
export function findField(json: unknown, name: string): Field | undefined {
  const ending = `.${name.toLowerCase()}`;
  const found = fieldsOf(json).filter(({ path }) => `.${path.toLowerCase()}`.endsWith(ending));
  return found.reduce<Field | undefined>(
    (best, field) => (best === undefined || depth(field) < depth(best) ? field : best),
    undefined,
  );
}

/** The block with another value at this path, its keys in the same order. */
export function withValue(json: unknown, path: string, value: string | number): unknown {
  return replace(json, path.split('.'), value);
}

function replace(json: unknown, [key, ...rest]: readonly string[], value: string | number): unknown {
  if (key === undefined) return value;
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json))
    return json.map((item, place) => (String(place) === key ? replace(item, rest, value) : item));
  return Object.fromEntries(
    Object.entries(json).map(([name, part]) => [name, name === key ? replace(part, rest, value) : part]),
  );
}

function depth({ path }: Field): number {
  return path.split('.').length;
}
