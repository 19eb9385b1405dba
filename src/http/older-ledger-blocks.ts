import { isGenesis } from '../core/block.ts';
import { parseBlock } from '../core/parse-block.ts';
import { type Transaction, transactionId } from '../ledger/transaction.ts';
import { type BlockStore, DamageError } from '../node/ports.ts';
import { parseStoredBody } from '../node/stored-body.ts';
import type { LedgerBlock } from './account-history.ts';

/** Reads stored blocks, and what their ledger was judged by. */
export type LedgerBlockStore = Pick<BlockStore, 'block' | 'signedBodyText'>;

/**
 * Reads the stored blocks of a chain with a ledger up to block `height`, newest first, until one has lost its transactions. Ends soon after `closing` was
 * aborted. Throws when a block cannot be read.
 */
export async function* readOlderLedgerBlocks(
  store: LedgerBlockStore,
  { chainId, height }: { readonly chainId: string; readonly height: number },
  closing: AbortSignal,
): AsyncGenerator<LedgerBlock> {
  for (let index = height; index > 0 && !closing.aborted; index--) {
    const text = await store.block(index);
    const parsed = parseBlock(JSON.parse(text ?? 'null'), index);
    if ('why' in parsed || isGenesis(parsed.value)) throw new Error(`block ${index} cannot be read`);
    const transactions = await transactionsOf(store, index);
    if (transactions === undefined) return;
    const ids = transactions.map((transaction) => transactionId(chainId, transaction));
    yield { block: parsed.value, transactions, ids };
  }
}

/** The transactions of a block; undefined when they are lost or damaged. A history without them would look complete. */
async function transactionsOf(store: LedgerBlockStore, index: number): Promise<readonly Transaction[] | undefined> {
  try {
    return parseStoredBody(await store.signedBodyText(index))?.Transactions;
  } catch (error) {
    if (error instanceof DamageError) return undefined;
    throw error;
  }
}
