import { fieldsOf as allFieldsOf, replaceField } from '../../../base/json-field.ts';

/** A value somewhere in a block, by its keys joined with dots: `BPM`, `Draw.Stake`, `Draw.Path.0.Hash`. */
export interface Field {
  readonly path: string;
  readonly value: string | number;
}

/** All values of a block, in their order. */
export function fieldsOf(json: unknown): readonly Field[] {
  return allFieldsOf(json).map(({ path, value }) => ({ path: path.join('.'), value }));
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
  return replaceField(json, path.split('.'), value);
}

function depth({ path }: Field): number {
  return path.split('.').length;
}
