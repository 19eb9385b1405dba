import type { BlockDraft } from '../ledger/block-draft.ts';
import type { SignedCandidate } from '../ledger/candidate.ts';
import type { LedgerChange } from '../ledger/ledger-state.ts';

/** The ledger of a chain as those see it who make the chain longer. */
export interface LedgerToExtend {
  /** Signs a payload for block `index` with the key of a validator whose wallet is here. */
  signCandidate(validator: string, index: number, payload: number): SignedCandidate;
  /** True while a transaction waits for a block. */
  readonly isWaiting: boolean;
  /** Freezes the transactions that wait: what comes later is for the block after the next. */
  freeze(): FrozenTransactions;
  /** The ledger behind the last block, to go on with before the next ones are stored. Nobody else sees that. It holds until the chain is changed. */
  fork(): LedgerFork;
  /** The next block with transactions that were frozen before a restart, applied in turns. Throws where one is refused. */
  redraft(transactions: readonly unknown[]): Promise<BlockDraft>;
  /** The validator of a block of a lottery or an instant chain that is due to transactions alone: the faucet (SPEC 6). */
  readonly standIn: string;
}

/** A ledger behind blocks that are not stored yet. */
export interface LedgerFork {
  /** The next block, with no transactions yet. */
  draft(): BlockDraft;
  /** Goes on behind a block that does this. */
  follow(change: LedgerChange): void;
}

/** The transactions that waited when a round ended. */
export interface FrozenTransactions {
  /** True where there is at least one. */
  readonly isAny: boolean;
  /** The next block with those of them that it takes, applied in turns. */
  draft(): Promise<BlockDraft>;
}
