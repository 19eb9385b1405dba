import { parseDigits } from '../base/amount.ts';
import { escapeForDisplay } from '../base/escape-for-display.ts';
import { isHash } from '../core/hash.ts';
import type { Account } from '../ledger/account.ts';
import { FailedError } from './command-error.ts';

// What a server answers is a stranger's word. Each reader throws a FailedError for an answer that is not of its kind.

/** A member of an object; undefined where there is none. */
export function memberOf(json: unknown, name: string): unknown {
  if (typeof json !== 'object' || json === null) return undefined;
  return new Map<string, unknown>(Object.entries(json)).get(name);
}

/** A whole number from 0 on. */
export function readWhole(json: unknown): number {
  if (typeof json === 'number' && Number.isSafeInteger(json) && json >= 0) return json;
  throw unexpected(json, 'a whole number');
}

/** A hash, an Id or a key. */
export function readHash(json: unknown): string {
  if (isHash(json)) return json;
  throw unexpected(json, '64 hex digits');
}

/** An amount of tokens, as digits in quotes. */
function readTokens(json: unknown): bigint {
  const amount = typeof json === 'string' ? parseDigits(json) : undefined;
  if (amount === undefined) throw unexpected(json, 'an amount of tokens');
  return amount;
}

/** An account, as `getaccount` gives it. */
export function readAccount(json: unknown): Account {
  return {
    key: readHash(memberOf(json, 'Key')),
    balance: readTokens(memberOf(json, 'Balance')),
    bonded: readTokens(memberOf(json, 'Bonded')),
    unbonding: readTokens(memberOf(json, 'Unbonding')),
    release: readWhole(memberOf(json, 'Release')),
    since: readWhole(memberOf(json, 'Since')),
    nonce: readWhole(memberOf(json, 'Nonce')),
  };
}

function unexpected(json: unknown, what: string): FailedError {
  const came = escapeForDisplay(Buffer.from(JSON.stringify(json) ?? 'nothing').toString('latin1'));
  return new FailedError(`the server answered ${came} where ${what} should stand`);
}
