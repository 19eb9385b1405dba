import type { StoredBlock } from '../../consensus/engine.ts';
import { parseSignedBody } from '../../consensus/signed-body.ts';
import { isDrawn, isGenesis } from '../../core/block.ts';
import { parseExact } from '../../core/exact-json.ts';
import { type Parsed, parseRecord } from '../../core/json-record.ts';
import { type BlockForm, parseSealedBlock } from '../../core/parse-block.ts';
import { parseGenesisBlock } from '../../core/parse-genesis.ts';
import { parsePool } from '../../core/parse-pool.ts';
import { findPoolFault } from '../../core/verify-pool.ts';
import type { BlockStore } from '../ports.ts';

/** A block as it travels: its text, and the JSON of what lies beside it. */
export interface BlockLines {
  readonly block: string;
  readonly beside: string;
}

/** What a store is read with. */
export type StoredBlocks = Pick<BlockStore, 'height' | 'blockRange' | 'poolText' | 'signedBodyText'>;

/** What travels of block `index`, whose text is known. */
export async function linesOf(store: StoredBlocks, index: number, block: string): Promise<BlockLines> {
  const signed = await store.signedBodyText(index);
  if (signed !== undefined) return { block, beside: signed };
  const pool = await store.poolText(index);
  return { block, beside: pool === undefined || pool === '[]' ? '{}' : `{"Candidates":${pool}}` };
}

/**
 * Parses what a peer sent as a block of a chain: its genesis, where `form` is undefined. Of what lies beside it, forms are checked, and a pool of typed
 * stakes is compared with the block; all else is judged with the block itself.
 */
export function parseStored(lines: BlockLines, form: BlockForm | undefined): Parsed<StoredBlock> {
  const json = parseExact(lines.block);
  const parsed = form === undefined ? parseGenesisBlock(json) : parseSealedBlock(json, form);
  if ('why' in parsed) return parsed;
  const keys = ['Transactions', 'Candidates', 'Seal'];
  const beside = parseRecord('what lies beside a block', parseExact(lines.beside), { all: keys, optional: keys });
  if ('why' in beside) return beside;
  const block = parsed.value;
  const stored = { block, text: lines.block };
  if (isGenesis(block)) return { value: { ...stored, body: [] } };
  if (form?.hasLedger === true) {
    const signed = parseSignedBody(beside.value);
    if (signed === undefined) return { why: 'what lies beside a block is no transactions and candidates' };
    return { value: { ...stored, body: isDrawn(block) ? undefined : [], signed } };
  }
  const { Candidates } = beside.value;
  if (Candidates === undefined) return { value: { ...stored, body: isDrawn(block) ? undefined : [] } };
  const pool = parsePool(Candidates);
  if (pool === undefined) return { why: 'the pool beside a block is none' };
  const why = findPoolFault(block, pool);
  return why === undefined ? { value: { ...stored, body: pool } } : { why };
}
