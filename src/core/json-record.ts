import { parseAmount } from '../base/amount.ts';
import { limits as baseLimits } from '../base/limits.ts';

/** A JSON value parsed as what it should be, or the first violation of SPEC 4's rules on keys and formats. */
export type Parsed<T> = { readonly value: T } | { readonly why: string };

/** What a JSON object must have: its keys in their order, some of which may be left out. */
export interface Keys {
  readonly all: readonly string[];
  readonly optional?: readonly string[];
}

/** The fields of an object with exactly these keys in this order; for anything else why it is none, where `what` names it. */
export function parseRecord(
  what: string,
  json: unknown,
  { all, optional = [] }: Keys,
): Parsed<Readonly<Record<string, unknown>>> {
  if (json === undefined)
    return { why: 'its text is not JSON as a server writes it: no key twice, plain numbers, no escapes' };
  const kind = json === null ? 'null' : Array.isArray(json) ? 'an array' : typeof json;
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { why: `${what} must be an object, not ${kind}` };
  const found = Object.keys(json);
  const expected = all.filter((key) => !optional.includes(key) || found.includes(key));
  if (found.length === expected.length && expected.every((key, place) => found[place] === key))
    return { value: { ...json } };
  const names = all.map((key) => (optional.includes(key) ? `${key} (where it applies)` : key));
  return { why: `${what} must have these keys and no others, in this order: ${names.join(', ')}` };
}

/** True for a whole number in this range that a JSON number holds exactly. */
export function isWhole(value: unknown, min: number, max: number = Number.MAX_SAFE_INTEGER): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}

/** True for an amount of at least 1, as decimal digits. */
export function isAmount(value: unknown): value is string {
  return parseAmount(value) !== undefined;
}

/** True for an amount that may also be 0. */
export function isAmountOrZero(value: unknown): value is string {
  return value === '0' || isAmount(value);
}

/** True for so many lower-case hex digits. */
export function isHex(value: unknown, digits: number): value is string {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]*$/.test(value);
}

/** What is accepted, in words that stand behind the name of a field. */
interface AcceptedWords {
  hex(digits: number): string;
  whole(min: number, max?: number): string;
  readonly amount: string;
  readonly amountOrZero: string;
  readonly timestamp: string;
}

const digits = `a string of at most ${baseLimits.amountDigitsMax} decimal digits without leading zeros`;

export const accepted: AcceptedWords = {
  hex: (digits) => `must be ${digits} lower-case hex digits`,
  whole: (min, max) => `must be a whole number from ${min} to ${max ?? '2^53 - 1'}`,
  amount: `must be ${digits}, at least "1"`,
  amountOrZero: `must be ${digits}`,
  timestamp: 'must be a moment like 2026-01-01T00:01:00.000Z',
};
