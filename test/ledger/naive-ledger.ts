import { createHash } from 'node:crypto';
import type { LedgerTerms } from '../../src/ledger/ledger-rules.ts';
import type { Transaction } from '../../src/ledger/transaction.ts';

/** An account as the model keeps it: changed in place. */
export interface NaiveAccount {
  key: string;
  balance: bigint;
  bonded: bigint;
  unbonding: bigint;
  release: number;
  since: number;
  nonce: number;
}

type Node = readonly [hash: string, sum: bigint];

function hash(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * The ledger as SPEC 6 words it, sentence by sentence, without regard to speed: the oracle of the properties. A transaction's form and signatures
 * are not judged here.
 */
export class NaiveLedger {
  readonly accounts: NaiveAccount[];
  readonly #terms: LedgerTerms;

  constructor(terms: LedgerTerms, accounts: readonly (readonly [key: string, balance: string, bonded: string])[]) {
    this.#terms = terms;
    this.accounts = accounts.map(([key, balance, bonded]) => account(key, BigInt(balance), BigInt(bonded)));
  }

  find(key: string): NaiveAccount | undefined {
    return this.accounts.find((entry) => entry.key === key);
  }

  /** Applies a transaction in block n and returns the tokens that it burns; undefined, with nothing changed, when it is not valid. */
  apply(n: number, transaction: Transaction): bigint | undefined {
    const backup = structuredClone(this.accounts);
    const burned = this.#apply(n, transaction);
    if (burned === undefined) this.accounts.splice(0, this.accounts.length, ...backup);
    return burned;
  }

  #apply(n: number, transaction: Transaction): bigint | undefined {
    const from = this.find(transaction.From);
    if (from === undefined || from.nonce !== transaction.Nonce) return undefined;
    if (!(n <= transaction.Until && transaction.Until <= n + 1000)) return undefined;
    const fee = BigInt(transaction.Fee);
    if (fee < this.#terms.minFee) return undefined;
    touch(from, n);
    if (from.balance < fee) return undefined;
    from.balance -= fee;
    from.nonce += 1;
    switch (transaction.Kind) {
      case 'transfer': {
        const amount = BigInt(transaction.Amount);
        if (from.balance < amount) return undefined;
        from.balance -= amount;
        const to = this.#findOrAdd(transaction.To);
        touch(to, n);
        to.balance += amount;
        return 0n;
      }
      case 'bond': {
        const amount = BigInt(transaction.Amount);
        if (from.balance < amount) return undefined;
        if (from.bonded === 0n && from.unbonding === 0n) from.since = Math.max(from.since, n);
        from.balance -= amount;
        from.bonded += amount;
        return 0n;
      }
      case 'unbond': {
        const amount = BigInt(transaction.Amount);
        if (from.bonded < amount) return undefined;
        from.bonded -= amount;
        from.unbonding += amount;
        from.release = n + this.#terms.unbonding;
        return 0n;
      }
      case 'report': {
        const [first, second] = transaction.Evidence;
        if (first === undefined) return undefined;
        if (second === undefined && typeof first.BPM === 'number') return undefined;
        const reported = this.find(first.Validator);
        if (reported === undefined || !(reported.since <= first.Index && first.Index <= n)) return undefined;
        touch(reported, n);
        const burned = reported.bonded + reported.unbonding;
        if (burned === 0n) return undefined;
        Object.assign(reported, { bonded: 0n, unbonding: 0n, release: 0, since: n + 1 });
        return burned;
      }
    }
  }

  reward(n: number, validator: string, fees: bigint): void {
    const winner = this.#findOrAdd(validator);
    touch(winner, n);
    winner.balance += this.#terms.reward + fees;
  }

  get supply(): bigint {
    return this.accounts.reduce((sum, { balance, bonded, unbonding }) => sum + balance + bonded + unbonding, 0n);
  }

  /** The root over all accounts, from nothing, as RFC 9162 splits a tree. */
  get root(): string {
    const leaves = this.accounts.map(({ key, balance, bonded, unbonding, release, since, nonce }): Node => {
      const amounts = [balance, bonded, unbonding].map(String);
      return [hash('sortition/2/account', key, ...amounts, release, since, nonce), balance + bonded + unbonding];
    });
    return leaves.length === 0 ? '' : climb(leaves)[0];
  }

  #findOrAdd(key: string): NaiveAccount {
    const found = this.find(key);
    if (found !== undefined) return found;
    const added = account(key, 0n, 0n);
    this.accounts.push(added);
    return added;
  }
}

function account(key: string, balance: bigint, bonded: bigint): NaiveAccount {
  return { key, balance, bonded, unbonding: 0n, release: 0, since: 0, nonce: 0 };
}

function touch(entry: NaiveAccount, n: number): void {
  if (!(n >= entry.release && entry.release > 0)) return;
  entry.balance += entry.unbonding;
  entry.unbonding = 0n;
  entry.release = 0;
}

function climb(leaves: readonly Node[]): Node {
  const [only] = leaves;
  if (only === undefined) throw new Error('a tree has at least one leaf');
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const [left, leftSum] = climb(leaves.slice(0, split));
  const [right, rightSum] = climb(leaves.slice(split));
  return [hash('sortition/2/node', left, String(leftSum), right, String(rightSum)), leftSum + rightSum];
}
