import { hashOfWritten, isHash } from '../core/hash.ts';
import { accepted, isAmountOrZero, isWhole, type Parsed } from '../core/json-record.ts';
import type { SumNode } from '../core/sum-tree.ts';

/** What a key owns (SPEC 6). Immutable: what changes an account makes another one. */
export interface Account {
  readonly key: string;
  /** Tokens that can be sent or bonded. */
  readonly balance: bigint;
  /** Tokens at stake: a validator's tickets. */
  readonly bonded: bigint;
  /** Tokens that are no longer at stake, but wait for `release` and can still burn. */
  readonly unbonding: bigint;
  /** The block from which on `unbonding` flows back into the balance when the account is touched; 0 where nothing waits. */
  readonly release: number;
  /** The first block for which an offence of this validator still counts. */
  readonly since: number;
  /** The Nonce of its next transaction. */
  readonly nonce: number;
}

/** An account as a proof and a store write it: key, balance, bonded, unbonding, release, since, nonce. */
export type AccountFields = readonly [
  key: string,
  balance: string,
  bonded: string,
  unbonding: string,
  release: number,
  since: number,
  nonce: number,
];

/** The account of a key that has just come into being. */
export function newAccount(key: string, balance = 0n, bonded = 0n): Account {
  return { key, balance, bonded, unbonding: 0n, release: 0, since: 0, nonce: 0 };
}

/** All tokens of an account: its share of the supply. */
function tokensOf({ balance, bonded, unbonding }: Account): bigint {
  return balance + bonded + unbonding;
}

/** The account as it is once block `index` has touched it: what was due by then has flowed back into its balance. */
export function released(account: Account, index: number): Account {
  if (account.release === 0 || index < account.release) return account;
  return { ...account, balance: account.balance + account.unbonding, unbonding: 0n, release: 0 };
}

/** leaf = H("account", key, Balance, Bonded, Unbonding, Release, Since, Nonce) with sum Balance + Bonded + Unbonding (SPEC 6). */
export function accountLeaf(account: Account): SumNode {
  const { key, balance, bonded, unbonding, release, since, nonce } = account;
  const parts = `"${key}","${balance}","${bonded}","${unbonding}",${release},${since},${nonce}`;
  return { hash: hashOfWritten('account', parts), sum: tokensOf(account) };
}

export function accountFields(account: Account): AccountFields {
  const { key, balance, bonded, unbonding, release, since, nonce } = account;
  return [key, String(balance), String(bonded), String(unbonding), release, since, nonce];
}

/** Parses the fields of an account. Whether a ledger has such an account is for a proof to say. */
export function parseAccount(json: unknown): Parsed<Account> {
  if (!Array.isArray(json) || json.length !== 7) {
    return { why: 'Account must be an array of key, balance, bonded, unbonding, release, since and nonce' };
  }
  const [key, balance, bonded, unbonding, release, since, nonce]: readonly unknown[] = json;
  if (!isHash(key)) return { why: `the key of Account ${accepted.hex(64)}` };
  if (!isAmountOrZero(balance) || !isAmountOrZero(bonded) || !isAmountOrZero(unbonding)) {
    return { why: `each amount of Account ${accepted.amountOrZero}` };
  }
  if (!isWhole(release, 0) || !isWhole(since, 0) || !isWhole(nonce, 0)) {
    return { why: `release, since and nonce of Account ${accepted.whole(0)}` };
  }
  return {
    value: {
      key,
      balance: BigInt(balance),
      bonded: BigInt(bonded),
      unbonding: BigInt(unbonding),
      release,
      since,
      nonce,
    },
  };
}
