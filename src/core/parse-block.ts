import { parseAmount } from '../base/amount.ts';
import { limits as baseLimits } from '../base/limits.ts';
import type { Block, Draw, DrawnBlock, Genesis, GenesisBlock, LotteryConsensus } from './block.ts';
import { isHash } from './hash.ts';
import { isSignature } from './keys.ts';
import { limits } from './limits.ts';
import type { ProofStep } from './sum-tree.ts';

/** A JSON value parsed as a block, or the first violation of SPEC 4's rules on keys and formats. */
export type Parsed<T> = { readonly value: T } | { readonly why: string };

/**
 * Parses a text that must be the canonical JSON of its value, as JSON.stringify writes it. Returns undefined otherwise, which is neither a block
 * nor a pool. A duplicate key, an escape, 1.0 for 1 would mean different things to different readers, and stored texts are sent to people
 * unchanged.
 */
export function parseExact(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return JSON.stringify(json) === text ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Parses a JSON value as block `index` of a chain: the genesis for 0, a drawn block for any other. */
export function parseBlock(json: unknown, index: number): Parsed<Block> {
  return index === 0 ? parseGenesisBlock(json) : parseDrawnBlock(json);
}

/** Parses the genesis block. Only keys and formats are checked: no hash is computed. */
export function parseGenesisBlock(json: unknown): Parsed<GenesisBlock> {
  const block = record(json, ['Index', 'Timestamp', 'BPM', 'Hash', 'PrevHash', 'Validator', 'Genesis']);
  if (block === undefined) return invalid('the genesis', json);
  const { Timestamp, Hash } = block;
  if (block['Index'] !== 0) return { why: 'Index of the genesis must be 0' };
  if (!isTimestamp(Timestamp)) return { why: 'Timestamp must be like 2026-01-01T00:01:00.000Z' };
  if (block['BPM'] !== 0) return { why: 'BPM of the genesis must be 0' };
  if (!isHash(Hash)) return { why: `Hash ${hexDigits}` };
  if (block['PrevHash'] !== '') return { why: 'PrevHash of the genesis must be empty' };
  if (block['Validator'] !== '') return { why: 'Validator of the genesis must be empty' };

  const genesis = parseGenesis(block['Genesis']);
  if ('why' in genesis) return genesis;
  return { value: { Index: 0, Timestamp, BPM: 0, Hash, PrevHash: '', Validator: '', Genesis: genesis.value } };
}

/**
 * True for the genesis of a chain of version 1, which was never released. Such a chain is not broken: a program that meets one says so in one
 * line and stops (SPEC 4).
 */
export function isUnreleased(json: unknown): boolean {
  if (typeof json !== 'object' || json === null || !('Genesis' in json)) return false;
  const { Genesis } = json;
  return typeof Genesis === 'object' && Genesis !== null && 'Version' in Genesis && Genesis.Version === 1;
}

/** The message about such a chain, to be appended to its name. */
export const unreleasedWords = 'was begun by an unreleased version of sortition, and can be neither read nor continued';

function parseGenesis(json: unknown): Parsed<Genesis> {
  const genesis = record(json, ['Version', 'Consensus', 'Authority']);
  if (genesis === undefined) return invalid('Genesis', json);
  if (genesis['Version'] !== 2) return { why: 'Version must be 2' };
  const consensus = parseConsensus(genesis['Consensus']);
  if ('why' in consensus) return consensus;
  const { Authority } = genesis;
  if (!isHash(Authority)) return { why: `Authority ${hexDigits}` };
  return { value: { Version: 2, Consensus: consensus.value, Authority } };
}

function parseConsensus(json: unknown): Parsed<LotteryConsensus> {
  const consensus = record(json, ['Kind', 'Salt', 'Commitment', 'Links']);
  if (consensus === undefined) return invalid('Consensus', json);
  const { Kind, Salt, Commitment, Links } = consensus;
  if (Kind !== 'lottery') return { why: 'Kind of Consensus must be "lottery"' };
  if (!isHash(Salt)) return { why: `Salt ${hexDigits}` };
  if (!isHash(Commitment)) return { why: `Commitment ${hexDigits}` };
  if (!isWhole(Links, 1, Number.MAX_SAFE_INTEGER)) return { why: 'Links must be a whole number from 1' };
  return { value: { Kind, Salt, Commitment, Links } };
}

/** Parses a drawn block. Only keys and formats are checked. */
export function parseDrawnBlock(json: unknown): Parsed<DrawnBlock> {
  const keys = ['Index', 'Timestamp', 'BPM', 'Hash', 'PrevHash', 'Validator', 'Draw'];
  const block = record(json, [...keys, 'Signature']) ?? record(json, [...keys, 'NextCommitment', 'Signature']);
  if (block === undefined) return invalid('a block', json);
  const { Index, Timestamp, BPM, Hash, PrevHash, Validator, NextCommitment, Signature } = block;
  if (!isWhole(Index, 1, Number.MAX_SAFE_INTEGER)) return { why: 'Index must be a whole number' };
  if (!isTimestamp(Timestamp)) return { why: 'Timestamp must be like 2026-01-01T00:01:00.000Z' };
  if (!isWhole(BPM, 0, limits.bpmMax)) return { why: `BPM must be a whole number from 0 to ${limits.bpmMax}` };
  if (!isHash(Hash)) return { why: `Hash ${hexDigits}` };
  if (!isHash(PrevHash)) return { why: `PrevHash ${hexDigits}` };
  if (!isHash(Validator)) return { why: `Validator ${hexDigits}` };
  const draw = parseDraw(block['Draw']);
  if ('why' in draw) return draw;
  if (!isSignature(Signature)) return { why: 'Signature must be 128 lower-case hex digits' };
  const value = { Index, Timestamp, BPM, Hash, PrevHash, Validator, Draw: draw.value };
  if (!('NextCommitment' in block)) return { value: { ...value, Signature } };
  if (!isHash(NextCommitment)) return { why: `NextCommitment ${hexDigits}` };
  return { value: { ...value, NextCommitment, Signature } };
}

function parseDraw(json: unknown): Parsed<Draw> {
  const draw = record(json, ['Reveal', 'PoolRoot', 'PoolSize', 'TotalStake', 'Ticket', 'Stake', 'Path']);
  if (draw === undefined) return invalid('Draw', json);
  const { Reveal, PoolRoot, PoolSize, TotalStake, Ticket, Stake } = draw;
  if (!isHash(Reveal)) return { why: `Reveal ${hexDigits}` };
  if (!isHash(PoolRoot)) return { why: `PoolRoot ${hexDigits}` };
  if (!isWhole(PoolSize, 1, Number.MAX_SAFE_INTEGER)) return { why: 'PoolSize must be a whole number from 1' };
  // A total of 0 is well formed. The rule `ticket` refuses it, because there is no ticket to draw.
  if (TotalStake !== '0' && !isAmount(TotalStake)) return { why: `TotalStake ${digits}` };
  if (Ticket !== '0' && !isAmount(Ticket)) return { why: `Ticket ${digits}` };
  if (!isAmount(Stake)) return { why: `Stake ${digits}` };
  const steps = draw['Path'];
  if (!Array.isArray(steps)) return { why: 'Path must be an array' };
  const Path: ProofStep[] = [];
  for (const json of steps) {
    const step = parseStep(json);
    if ('why' in step) return step;
    Path.push(step.value);
  }
  return { value: { Reveal, PoolRoot, PoolSize, TotalStake, Ticket, Stake, Path } };
}

function parseStep(json: unknown): Parsed<ProofStep> {
  const step = record(json, ['Side', 'Hash', 'Stake']);
  if (step === undefined) return invalid('a step of Path', json);
  const { Side, Hash, Stake } = step;
  if (Side !== 'left' && Side !== 'right') return { why: 'Side in Path must be "left" or "right"' };
  if (!isHash(Hash)) return { why: `Hash in Path ${hexDigits}` };
  if (!isAmount(Stake)) return { why: `Stake in Path ${digits}` };
  return { value: { Side, Hash, Stake } };
}

const hexDigits = 'must be 64 lower-case hex digits';
const digits = `must be a string of at most ${baseLimits.amountDigitsMax} decimal digits without leading zeros`;

/** The object with exactly these keys, in this order; undefined for anything else. */
function record<K extends string>(json: unknown, keys: readonly K[]): Readonly<Record<string, unknown>> | undefined {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const found = Object.keys(json);
  if (found.length !== keys.length || !keys.every((key, place) => found[place] === key)) return undefined;
  return { ...json };
}

function invalid(what: string, json: unknown): { readonly why: string } {
  if (json === undefined)
    return { why: 'its text is not JSON as a server writes it: no key twice, plain numbers, no escapes' };
  const kind = json === null ? 'null' : Array.isArray(json) ? 'an array' : typeof json;
  if (kind !== 'object') return { why: `${what} must be an object, not ${kind}` };
  return { why: `${what} must have the keys of SPEC 4 and no others, in their order` };
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}

function isAmount(value: unknown): value is string {
  return parseAmount(value) !== undefined;
}

/** Exactly what toISOString prints, of the years 0000 to 9999: UTC with milliseconds, a day that the calendar has. */
function isTimestamp(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const match = /^(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/.exec(value);
  if (match === null) return false;
  const [year, month, day] = match.slice(1, 4).map(Number);
  return year !== undefined && month !== undefined && day !== undefined && day <= daysIn(month, year);
}

function daysIn(month: number, year: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
