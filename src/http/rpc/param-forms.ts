import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { isHash } from '../../core/hash.ts';
import type { ParamForm } from './method.ts';

/** A whole number from `min` to `max`. `initial` stands where none is sent. */
export function wholeNumber(
  what: string,
  { min, max, initial }: { readonly min: number; readonly max: number; readonly initial?: number },
): ParamForm<number> {
  const accepted = `a whole number from ${min} to ${max}`;
  return {
    summary: `${what}: ${accepted}${initial === undefined ? '' : `, by itself ${initial}`}`,
    schema: { type: 'integer', minimum: min, maximum: max },
    ...(initial === undefined ? {} : { initial: { value: initial } }),
    read: (json) =>
      isWhole(json) && json >= min && json <= max
        ? { value: json }
        : { why: `${shownJson(json)}, but must be ${accepted}, for example ${Math.max(min, initial ?? 1)}` },
  };
}

/** A block, by its index or by its hash. */
export const blockName: ParamForm<number | string> = {
  summary: 'the index of a block, or its hash: 64 lower-case hex digits',
  schema: {
    oneOf: [
      { type: 'integer', minimum: 0 },
      { type: 'string', pattern: '^[0-9a-f]{64}$' },
    ],
  },
  read: (json) =>
    (isWhole(json) && json >= 0) || isHash(json)
      ? { value: json }
      : { why: `${shownJson(json)}, but must be the index of a block, for example 1, or its 64 lower-case hex digits` },
};

/** A hash. */
export function hashText(what: string): ParamForm<string> {
  return {
    summary: `${what}: 64 lower-case hex digits`,
    schema: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    read: (json) =>
      isHash(json) ? { value: json } : { why: `${shownJson(json)}, but must be ${what}: 64 lower-case hex digits` },
  };
}

/** The name of a method, or none. */
export const methodName: ParamForm<string | undefined> = {
  summary: 'the name of a method; without it all of them',
  schema: { type: 'string' },
  initial: { value: undefined },
  read: (json) =>
    typeof json === 'string'
      ? { value: json }
      : { why: `${shownJson(json)}, but must be the name of a method, for example "getblock"` },
};

/** A value that a caller sent as an error shows it. */
export function shownJson(json: unknown): string {
  return escapeForDisplay(Buffer.from(JSON.stringify(json)).toString('latin1'));
}

function isWhole(json: unknown): json is number {
  return Number.isSafeInteger(json);
}
