import { parseDigits } from '../../base/amount.ts';
import { escapeForDisplay } from '../../base/escape-for-display.ts';
import { limits as baseLimits } from '../../base/limits.ts';
import { isHash } from '../../core/hash.ts';
import { isTimestamp } from '../../core/timestamp.ts';
import { parseAddress } from '../../ledger/address.ts';
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

const exampleTime = '2031-01-31T12:00:00.000Z';

/** A moment. */
export const timestampText: ParamForm<string> = {
  summary: 'a moment as ISO 8601 with milliseconds, in UTC',
  schema: { type: 'string', format: 'date-time' },
  read: (json) =>
    isTimestamp(json)
      ? { value: json }
      : {
          why: `${shownJson(json)}, but must be a moment in UTC with milliseconds, for example "${exampleTime}"`,
        },
};

/** An account, by its address or its key. The value is the key. */
export const accountName: ParamForm<string> = {
  summary: 'an account: its address (sort1...), or its key of 64 lower-case hex digits',
  schema: { type: 'string' },
  read: (json) => {
    if (typeof json !== 'string') return { why: `${shownJson(json)}, but must be an address or a key, in quotes` };
    const parsed = parseAddress(Buffer.from(json).toString('latin1'));
    return 'why' in parsed ? { why: `no account: ${parsed.why}` } : parsed;
  },
};

/** An amount: a text of digits, or a whole number that a double can hold. */
export function tokens(
  what: string,
  { min, initial }: { readonly min: bigint; readonly initial?: bigint },
): ParamForm<bigint> {
  const accepted = `a whole number from ${min} on, as digits in quotes or a number below 2^53`;
  return {
    summary: `${what}: ${accepted}${initial === undefined ? '' : `, by itself ${initial}`}`,
    schema: {
      oneOf: [
        { type: 'integer', minimum: Number(min) },
        { type: 'string', pattern: '^[0-9]+$' },
      ],
    },
    ...(initial === undefined ? {} : { initial: { value: initial } }),
    read: (json) => {
      const value = typeof json === 'string' ? parseDigits(json) : isWhole(json) ? BigInt(json) : undefined;
      return value === undefined || value < min || String(value).length > baseLimits.amountDigitsMax
        ? { why: `${shownJson(json)}, but must be ${accepted}, for example "25"` }
        : { value };
    },
  };
}

/** Yes or no; no where it is not sent. */
export function yesOrNo(what: string): ParamForm<boolean> {
  return {
    summary: `${what}: true or false, by itself false`,
    schema: { type: 'boolean' },
    initial: { value: false },
    read: (json) =>
      typeof json === 'boolean' ? { value: json } : { why: `${shownJson(json)}, but must be true or false` },
  };
}

/** A signed transaction. What is wrong with it is for the ledger to say. */
export const signedTransaction: ParamForm<object> = {
  summary: 'a signed transaction, as an object with the keys of the format in their order',
  schema: { type: 'object' },
  read: (json) =>
    typeof json === 'object' && json !== null && !Array.isArray(json)
      ? { value: json }
      : {
          why: `${shownJson(json)}, but must be a signed transaction: {"Kind":"transfer","From":…,"To":…,"Amount":"25","Fee":"0","Nonce":0,"Until":9,"Signature":…}`,
        },
};

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
