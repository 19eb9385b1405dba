import { limits } from './limits.ts';

/**
 * A number as SPEC 1 lets people type one: ASCII digits only, leading zeros allowed, exact at any size.
 * Anything else (a sign, a dot, an exponent, another script's digits, nothing at all) is undefined.
 */
export function parseDigits(text: string): bigint | undefined {
  return /^[0-9]+$/.test(text) ? BigInt(text) : undefined;
}

/** A token amount as it stands in a chain: at least 1, decimal digits without leading zeros (SPEC 2). */
export function parseAmount(text: unknown): bigint | undefined {
  if (typeof text !== 'string' || text.length > limits.amountDigitsMax) return undefined;
  return /^[1-9][0-9]*$/.test(text) ? BigInt(text) : undefined;
}
