import { limits } from './limits.ts';

/**
 * Parses a number as SPEC 1 lets people type one: ASCII digits only, leading zeros allowed, exact at any size.
 * Returns undefined for anything else: a sign, a dot, an exponent, the digits of another script, an empty text.
 */
export function parseDigits(text: string): bigint | undefined {
  return /^[0-9]+$/.test(text) ? BigInt(text) : undefined;
}

/** Parses a token amount of a chain: at least 1, decimal digits without leading zeros (SPEC 2). Returns undefined for anything else. */
export function parseAmount(text: unknown): bigint | undefined {
  if (typeof text !== 'string' || text.length > limits.amountDigitsMax) return undefined;
  return /^[1-9][0-9]*$/.test(text) ? BigInt(text) : undefined;
}
