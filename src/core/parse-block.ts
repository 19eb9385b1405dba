import type { Block, DrawnBlock, Genesis, InstantBlock, LedgerSummary, SealedBlock, WorkBlock } from './block.ts';
import { isHash } from './hash.ts';
import { accepted, isWhole, type Parsed, parseRecord } from './json-record.ts';
import { isSignature } from './keys.ts';
import { hexDigits, limits } from './limits.ts';
import { parseGenesisBlock } from './parse-genesis.ts';
import { parseDraw, parseLedgerSummary, parseWork } from './parse-seal.ts';
import { isTimestamp } from './timestamp.ts';

/** What the genesis of a chain says of the form of all its other blocks (SPEC 4). */
export interface BlockForm {
  readonly kind: Genesis['Consensus']['Kind'];
  /** How many beacons each draw waits for. */
  readonly beacons: number;
  readonly hasLedger: boolean;
}

/** The form of the blocks behind a genesis. */
export function formOf(genesis: Genesis): BlockForm {
  const beacons = 'Beacons' in genesis ? (genesis.Beacons?.length ?? 0) : 0;
  return { kind: genesis.Consensus.Kind, beacons, hasLedger: genesis.Ledger !== undefined };
}

/**
 * Parses a JSON value as block `index` of a chain whose genesis is not at hand: each other block is parsed in the form that its own keys ask for.
 * A verifier knows the genesis, and takes `parseSealedBlock`.
 */
export function parseBlock(json: unknown, index: number): Parsed<Block> {
  return index === 0 ? parseGenesisBlock(json) : parseSealedBlock(json, formBySight(json));
}

/** Parses any block but the genesis, in the form that its chain asks for. Only keys and formats are checked: no hash is computed. */
export function parseSealedBlock(json: unknown, form: BlockForm): Parsed<SealedBlock> {
  switch (form.kind) {
    case 'lottery':
      return parseDrawnBlock(json, form);
    case 'work':
      return parseWorkBlock(json, form);
    case 'instant':
      return parseInstantBlock(json, form);
  }
}

function formBySight(json: unknown): BlockForm {
  const block = typeof json === 'object' && json !== null ? json : {};
  const draw = 'Draw' in block && typeof block.Draw === 'object' && block.Draw !== null ? block.Draw : {};
  const beacons = 'Beacons' in draw && Array.isArray(draw.Beacons) ? draw.Beacons.length : 0;
  const kind = 'Work' in block ? 'work' : 'Signature' in block && !('Draw' in block) ? 'instant' : 'lottery';
  return { kind, beacons, hasLedger: 'Ledger' in block };
}

function parseDrawnBlock(json: unknown, { hasLedger, beacons }: BlockForm): Parsed<DrawnBlock> {
  const parsed = parseRecord('a block', json, {
    all: [...commonKeys, 'Draw', ...ledgerKeys(hasLedger), 'NextCommitment', 'Signature'],
    optional: ['NextCommitment'],
  });
  if ('why' in parsed) return parsed;
  const common = parseCommon(parsed.value);
  if ('why' in common) return common;
  const draw = parseDraw(parsed.value['Draw'], beacons);
  if ('why' in draw) return draw;
  const ledger = parseLedgerOf(parsed.value);
  if ('why' in ledger) return ledger;
  const { NextCommitment, Signature } = parsed.value;
  if (!isSignature(Signature)) return { why: signatureWords };
  const value = { ...common.value, Draw: draw.value, ...ledger.value };
  if (!('NextCommitment' in parsed.value)) return { value: { ...value, Signature } };
  if (!isHash(NextCommitment)) return { why: `NextCommitment ${accepted.hex(64)}` };
  return { value: { ...value, NextCommitment, Signature } };
}

function parseWorkBlock(json: unknown, { hasLedger }: BlockForm): Parsed<WorkBlock> {
  const parsed = parseRecord('a block', json, { all: [...commonKeys, 'Work', ...ledgerKeys(hasLedger)] });
  if ('why' in parsed) return parsed;
  const common = parseCommon(parsed.value);
  if ('why' in common) return common;
  const work = parseWork(parsed.value['Work']);
  if ('why' in work) return work;
  const ledger = parseLedgerOf(parsed.value);
  if ('why' in ledger) return ledger;
  return { value: { ...common.value, Work: work.value, ...ledger.value } };
}

function parseInstantBlock(json: unknown, { hasLedger }: BlockForm): Parsed<InstantBlock> {
  const parsed = parseRecord('a block', json, { all: [...commonKeys, ...ledgerKeys(hasLedger), 'Signature'] });
  if ('why' in parsed) return parsed;
  const common = parseCommon(parsed.value);
  if ('why' in common) return common;
  const ledger = parseLedgerOf(parsed.value);
  if ('why' in ledger) return ledger;
  const { Signature } = parsed.value;
  if (!isSignature(Signature)) return { why: signatureWords };
  return { value: { ...common.value, ...ledger.value, Signature } };
}

const commonKeys = ['Index', 'Timestamp', 'BPM', 'Hash', 'PrevHash', 'Validator'] as const;

const signatureWords = `Signature ${accepted.hex(hexDigits.signature)}`;

function ledgerKeys(hasLedger: boolean): readonly string[] {
  return hasLedger ? ['Ledger'] : [];
}

function parseCommon(block: Readonly<Record<string, unknown>>): Parsed<Pick<SealedBlock, (typeof commonKeys)[number]>> {
  const { Index, Timestamp, BPM, Hash, PrevHash, Validator } = block;
  if (!isWhole(Index, 1)) return { why: `Index ${accepted.whole(1)}` };
  if (!isTimestamp(Timestamp)) return { why: `Timestamp ${accepted.timestamp}` };
  if (!isWhole(BPM, 0, limits.bpmMax)) return { why: `BPM ${accepted.whole(0, limits.bpmMax)}` };
  if (!isHash(Hash)) return { why: `Hash ${accepted.hex(64)}` };
  if (!isHash(PrevHash)) return { why: `PrevHash ${accepted.hex(64)}` };
  if (!isHash(Validator)) return { why: `Validator ${accepted.hex(64)}` };
  return { value: { Index, Timestamp, BPM, Hash, PrevHash, Validator } };
}

function parseLedgerOf(block: Readonly<Record<string, unknown>>): Parsed<{ readonly Ledger?: LedgerSummary }> {
  if (!('Ledger' in block)) return { value: {} };
  const ledger = parseLedgerSummary(block['Ledger']);
  return 'why' in ledger ? ledger : { value: { Ledger: ledger.value } };
}
