import type { JsonKey } from '../base/json-field.ts';

export { fieldsOf, replaceField } from '../base/json-field.ts';

/** The typed replacement of a value: a number when the value was one and a number was typed, otherwise a text. */
export function typedLike(value: string | number, text: string): string | number {
  return typeof value === 'number' && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** A path in the usual notation: Draw.Path[0].Stake. */
export function pathName(path: readonly JsonKey[]): string {
  return path.map((key, place) => (typeof key === 'number' ? `[${key}]` : place === 0 ? key : `.${key}`)).join('');
}
