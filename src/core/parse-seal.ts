import type { BeaconRound, Draw, LedgerSummary, Work } from './block.ts';
import { isHash } from './hash.ts';
import { accepted, isAmount, isAmountOrZero, isHex, isWhole, type Parsed, parseRecord } from './json-record.ts';
import { hexDigits } from './limits.ts';
import type { ProofStep } from './sum-tree.ts';
import { isTimestamp } from './timestamp.ts';

/** Parses the Draw of a block whose genesis names so many beacons. */
export function parseDraw(json: unknown, beacons: number): Parsed<Draw> {
  const sealKeys = beacons === 0 ? [] : ['Sealed', 'Beacons'];
  const parsed = parseRecord('Draw', json, {
    all: ['Reveal', ...sealKeys, 'PoolRoot', 'PoolSize', 'TotalStake', 'Ticket', 'Stake', 'Path'],
  });
  if ('why' in parsed) return parsed;
  const { Reveal, PoolRoot, PoolSize, TotalStake, Ticket, Stake } = parsed.value;
  if (!isHash(Reveal)) return { why: `Reveal ${accepted.hex(64)}` };
  const seal = beacons === 0 ? { value: {} } : parseDrawSeal(parsed.value, beacons);
  if ('why' in seal) return seal;
  if (!isHash(PoolRoot)) return { why: `PoolRoot ${accepted.hex(64)}` };
  if (!isWhole(PoolSize, 1)) return { why: `PoolSize ${accepted.whole(1)}` };
  // A total of 0 is well formed. The rule `ticket` refuses it, because there is no ticket to draw.
  if (!isAmountOrZero(TotalStake)) return { why: `TotalStake ${accepted.amount}` };
  if (!isAmountOrZero(Ticket)) return { why: `Ticket ${accepted.amountOrZero}` };
  if (!isAmount(Stake)) return { why: `Stake ${accepted.amount}` };
  const path = parsePath(parsed.value['Path']);
  if ('why' in path) return path;
  return { value: { Reveal, ...seal.value, PoolRoot, PoolSize, TotalStake, Ticket, Stake, Path: path.value } };
}

function parseDrawSeal(
  { Sealed, Beacons }: Readonly<Record<string, unknown>>,
  beacons: number,
): Parsed<Pick<Draw, 'Sealed' | 'Beacons'>> {
  if (!isTimestamp(Sealed)) return { why: `Sealed ${accepted.timestamp}` };
  if (!Array.isArray(Beacons) || Beacons.length !== beacons)
    return { why: `Beacons of a Draw must be an array of ${beacons}, one for each beacon of block 0` };
  const rounds: BeaconRound[] = [];
  for (const entry of Beacons) {
    const parsed = parseRecord('a round of a beacon', entry, { all: ['Round', 'Signature'] });
    if ('why' in parsed) return parsed;
    const { Round, Signature } = parsed.value;
    if (!isWhole(Round, 0)) return { why: `Round ${accepted.whole(0)}` };
    if (!isHex(Signature, hexDigits.beaconSignature))
      return { why: `Signature of a beacon ${accepted.hex(hexDigits.beaconSignature)}` };
    rounds.push({ Round, Signature });
  }
  return { value: { Sealed, Beacons: rounds } };
}

function parsePath(json: unknown): Parsed<readonly ProofStep[]> {
  if (!Array.isArray(json)) return { why: 'Path must be an array' };
  const path: ProofStep[] = [];
  for (const entry of json) {
    const parsed = parseRecord('a step of Path', entry, { all: ['Side', 'Hash', 'Stake'] });
    if ('why' in parsed) return parsed;
    const { Side, Hash, Stake } = parsed.value;
    if (Side !== 'left' && Side !== 'right') return { why: 'Side in Path must be "left" or "right"' };
    if (!isHash(Hash)) return { why: `Hash in Path ${accepted.hex(64)}` };
    if (!isAmount(Stake)) return { why: `Stake in Path ${accepted.amount}` };
    path.push({ Side, Hash, Stake });
  }
  return { value: path };
}

/** Parses the Work of a block. */
export function parseWork(json: unknown): Parsed<Work> {
  const parsed = parseRecord('Work', json, { all: ['Difficulty', 'Nonce'] });
  if ('why' in parsed) return parsed;
  const { Difficulty, Nonce } = parsed.value;
  if (!isAmount(Difficulty)) return { why: `Difficulty ${accepted.amount}` };
  if (!isWhole(Nonce, 0)) return { why: `Nonce ${accepted.whole(0)}` };
  return { value: { Difficulty, Nonce } };
}

/** Parses the Ledger of a block. */
export function parseLedgerSummary(json: unknown): Parsed<LedgerSummary> {
  const parsed = parseRecord('Ledger', json, {
    all: ['Transactions', 'Fees', 'TransactionRoot', 'Accounts', 'Supply', 'StateRoot'],
  });
  if ('why' in parsed) return parsed;
  const { Transactions, Fees, TransactionRoot, Accounts, Supply, StateRoot } = parsed.value;
  if (!isWhole(Transactions, 0)) return { why: `Transactions ${accepted.whole(0)}` };
  if (!isAmountOrZero(Fees)) return { why: `Fees ${accepted.amountOrZero}` };
  if (TransactionRoot !== '' && !isHash(TransactionRoot))
    return { why: `TransactionRoot ${accepted.hex(64)}, or empty where there are no transactions` };
  if (!isWhole(Accounts, 0)) return { why: `Accounts ${accepted.whole(0)}` };
  if (!isAmountOrZero(Supply)) return { why: `Supply ${accepted.amountOrZero}` };
  if (!isHash(StateRoot)) return { why: `StateRoot ${accepted.hex(64)}` };
  return { value: { Transactions, Fees, TransactionRoot, Accounts, Supply, StateRoot } };
}
