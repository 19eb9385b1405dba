import { parseDigits } from './amount.ts';

const unitsMs: Readonly<Record<string, bigint>> = { '': 1n, ms: 1n, s: 1000n, m: 60_000n };

/**
 * Parses a duration into ms: `500ms`, `5s`, `2m`, or a plain number of ms (SPEC 10). Exact at any size. Returns undefined for anything else: a
 * sign, a fraction, another unit, a space before the unit.
 */
export function parseDuration(text: string): bigint | undefined {
  const [, digits = '', unit = ''] = /^([0-9]+)(ms|s|m)?$/.exec(text) ?? [];
  const count = parseDigits(digits);
  return count === undefined ? undefined : count * (unitsMs[unit] ?? 1n);
}
