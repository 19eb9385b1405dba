import type { StoredBlock } from '../../consensus/engine.ts';
import { parseSignedBody } from '../../consensus/signed-body.ts';
import { isDrawn, isGenesis } from '../../core/block.ts';
import { parseExact } from '../../core/exact-json.ts';
import { type Parsed, parseRecord } from '../../core/json-record.ts';
import { isSignature } from '../../core/keys.ts';
import { type BlockForm, parseSealedBlock } from '../../core/parse-block.ts';
import { parseGenesisBlock } from '../../core/parse-genesis.ts';
import { parsePool } from '../../core/parse-pool.ts';
import { findPoolFault } from '../../core/verify-pool.ts';
import type { BlockStore } from '../ports.ts';

/** A block as it travels: its text, and the JSON of what lies beside it; undefined where headers alone were asked for. */
export interface BlockLines {
  readonly block: string;
  readonly beside: string | undefined;
}

/** What a store is read with. */
export type StoredBlocks = Pick<BlockStore, 'height' | 'blockRange' | 'poolText' | 'signedBodyText' | 'sealOf'>;

/** What travels of block `index`, whose text is known. Only what blocks of this form can have is read: each reading takes its time. */
export async function linesOf(
  store: StoredBlocks,
  form: BlockForm,
  index: number,
  block: string,
): Promise<BlockLines & { readonly beside: string }> {
  if (index === 0) return { block, beside: '{}' };
  const seal = form.beacons > 0 ? await store.sealOf(index) : undefined;
  const sealed = seal === undefined ? [] : [`"Seal":"${seal}"`];
  const signed = form.hasLedger ? await store.signedBodyText(index) : undefined;
  // Its braces are made anew, for the seal to stand between them, too.
  if (signed !== undefined) return { block, beside: `{${[signed.slice(1, -1), ...sealed].join(',')}}` };
  const pool = form.kind === 'lottery' ? await store.poolText(index) : undefined;
  const drawn = pool === undefined || pool === '[]' ? [] : [`"Candidates":${pool}`];
  return { block, beside: `{${[...drawn, ...sealed].join(',')}}` };
}

/**
 * Parses what a peer sent as a block of a chain: its genesis, where `form` is undefined. Of what lies beside it, forms are checked, and a pool of typed
 * stakes is compared with the block; all else is judged with the block itself.
 */
export function parseStored(lines: BlockLines, form: BlockForm | undefined): Parsed<StoredBlock> {
  const json = parseExact(lines.block);
  const parsed = form === undefined ? parseGenesisBlock(json) : parseSealedBlock(json, form);
  if ('why' in parsed) return parsed;
  if (lines.beside === undefined) {
    const { value } = parsed;
    return { value: { block: value, text: lines.block, body: !isGenesis(value) && isDrawn(value) ? undefined : [] } };
  }
  const keys = ['Transactions', 'Candidates', 'Seal'];
  const beside = parseRecord('what lies beside a block', parseExact(lines.beside), { all: keys, optional: keys });
  if ('why' in beside) return beside;
  const block = parsed.value;
  const { Candidates, Seal } = beside.value;
  if (Seal !== undefined && !isSignature(Seal)) return { why: 'the seal beside a block is no signature' };
  const stored = { block, text: lines.block, ...(Seal === undefined ? {} : { seal: Seal }) };
  if (isGenesis(block)) return { value: { ...stored, body: [] } };
  if (form?.hasLedger === true) {
    const signed = parseSignedBody(beside.value);
    if (signed === undefined) return { why: 'what lies beside a block is no transactions and candidates' };
    return { value: { ...stored, body: isDrawn(block) ? undefined : [], signed } };
  }
  if (Candidates === undefined) return { value: { ...stored, body: isDrawn(block) ? undefined : [] } };
  const pool = parsePool(Candidates);
  if (pool === undefined) return { why: 'the pool beside a block is none' };
  const why = findPoolFault(block, pool);
  return why === undefined ? { value: { ...stored, body: pool } } : { why };
}
