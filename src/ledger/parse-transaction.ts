import { escapeForDisplay } from '../base/escape-for-display.ts';
import { isHash } from '../core/hash.ts';
import { accepted, isAmount, isAmountOrZero, isWhole, type Parsed, parseRecord } from '../core/json-record.ts';
import { isSignature } from '../core/keys.ts';
import { parseEvidence } from './evidence.ts';
import type { Transaction, TransactionKind } from './transaction.ts';

/** The keys of each kind of transaction, in their order (SPEC 6). */
const keys: Readonly<Record<TransactionKind, readonly string[]>> = {
  transfer: ['Kind', 'From', 'To', 'Amount', 'Fee', 'Nonce', 'Until', 'Signature'],
  bond: ['Kind', 'From', 'Amount', 'Fee', 'Nonce', 'Until', 'Signature'],
  unbond: ['Kind', 'From', 'Amount', 'Fee', 'Nonce', 'Until', 'Signature'],
  report: ['Kind', 'From', 'Evidence', 'Fee', 'Nonce', 'Until', 'Signature'],
};

/** Parses a JSON value as a transaction. Only keys and formats are checked: no signature is. */
export function parseTransaction(json: unknown): Parsed<Transaction> {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { why: 'a transaction must be an object' };
  const kind: unknown = 'Kind' in json ? json.Kind : undefined;
  if (!isKind(kind)) return { why: field('Kind', kind, `must be ${Object.keys(keys).map(quoted).join(', ')}`) };
  const parsed = parseRecord(`a ${kind}`, json, { all: keys[kind] });
  if ('why' in parsed) return parsed;

  const { From, Fee, Nonce, Until, Signature } = parsed.value;
  if (!isHash(From)) return { why: field('From', From, `${accepted.hex(64)}: the key of the sender`) };
  if (!isAmountOrZero(Fee)) return { why: field('Fee', Fee, `${accepted.amountOrZero}, like "1"`) };
  if (!isWhole(Nonce, 0)) return { why: field('Nonce', Nonce, accepted.whole(0)) };
  if (!isWhole(Until, 0))
    return { why: field('Until', Until, `${accepted.whole(0)}: the last block that may take it`) };
  if (!isSignature(Signature)) return { why: field('Signature', Signature, accepted.hex(128)) };

  if (kind === 'report') {
    const evidence = parseEvidence(parsed.value['Evidence']);
    if ('why' in evidence) return evidence;
    return { value: { Kind: kind, From, Evidence: evidence.value, Fee, Nonce, Until, Signature } };
  }
  const { To, Amount } = parsed.value;
  if (!isAmount(Amount)) return { why: field('Amount', Amount, `${accepted.amount}, like "25"`) };
  if (kind !== 'transfer') return { value: { Kind: kind, From, Amount, Fee, Nonce, Until, Signature } };
  if (!isHash(To)) return { why: field('To', To, `${accepted.hex(64)}: the key of the receiver`) };
  return { value: { Kind: kind, From, To, Amount, Fee, Nonce, Until, Signature } };
}

function isKind(kind: unknown): kind is TransactionKind {
  return typeof kind === 'string' && Object.hasOwn(keys, kind);
}

/** What came in a field and what is accepted there. */
function field(name: string, came: unknown, isAccepted: string): string {
  return `${name} ${isAccepted}; here it is ${came === undefined ? 'missing' : escapeForDisplay(JSON.stringify(came))}`;
}

function quoted(word: string): string {
  return `"${word}"`;
}
