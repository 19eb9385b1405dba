import { parseExact } from '../core/exact-json.ts';
import { parseGenesisBlock } from '../core/parse-genesis.ts';
import { isSandbox } from '../ledger/sandbox.ts';
import type { BlockStore } from './ports.ts';

/** Whether the chain of a store says that it is a sandbox; false for an empty store, and for a genesis that cannot be read. */
export async function holdsSandbox(store: Pick<BlockStore, 'block'>): Promise<boolean> {
  const parsed = parseGenesisBlock(parseExact((await store.block(0)) ?? ''));
  return 'value' in parsed && isSandbox(parsed.value.Genesis.Ledger);
}
