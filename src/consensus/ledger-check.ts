import { limits as baseLimits } from '../base/limits.ts';
import type { GenesisBlock, LedgerSummary, SealedBlock } from '../core/block.ts';
import type { VerifySignature } from '../core/keys.ts';
import { findSummaryFault } from '../ledger/find-summary-fault.ts';
import { type Judged, judgeBlock } from '../ledger/judge-block.ts';
import { LedgerRules, type LedgerTerms, ledgerTerms } from '../ledger/ledger-rules.ts';
import type { LedgerChange, LedgerState } from '../ledger/ledger-state.ts';
import type { BlockBody, BrokenRule } from './consensus.ts';

/** What the blocks alone say of a ledger at a place of its chain. */
export interface LedgerTip {
  readonly terms: LedgerTerms;
  /** Accounts and Supply behind the last block. */
  readonly summary: Pick<LedgerSummary, 'Accounts' | 'Supply'>;
}

/** A ledger without a fault, with the change of its state where that is known. */
export type CheckedLedger = Judged | { readonly change: LedgerChange | undefined };

/** The ledger behind the genesis; undefined in a chain without one. */
export function ledgerOfGenesis({ Hash, Genesis }: GenesisBlock): LedgerTip | undefined {
  const { Consensus, Ledger } = Genesis;
  if (Ledger === undefined) return undefined;
  const supply = Ledger.Accounts.reduce((sum, [, balance, bonded]) => sum + BigInt(balance) + BigInt(bonded), 0n);
  return {
    terms: ledgerTerms(Hash, Consensus.Kind, Ledger),
    summary: { Accounts: Ledger.Accounts.length, Supply: String(supply) },
  };
}

/** The ledger behind a block, taken at its word. */
export function ledgerAfter(ledger: LedgerTip | undefined, { Ledger }: SealedBlock): LedgerTip | undefined {
  return ledger === undefined || Ledger === undefined ? ledger : { ...ledger, summary: Ledger };
}

/** A ledger that begins with more tokens than an amount can hold; undefined where it does not. */
export function findSupplyFault(ledger: LedgerTip | undefined): BrokenRule | undefined {
  const digits = ledger?.summary.Supply.length ?? 0;
  if (digits <= baseLimits.amountDigitsMax) return undefined;
  return {
    rule: 'state',
    why: `the supply has ${digits} digits, but at most ${baseLimits.amountDigitsMax} are possible`,
  };
}

/**
 * Judges the ledger of a block. With the state before it and the transactions beside it everything is recomputed, and the change of the state is
 * returned. Yields as `judgeBlock` does. Without them only what the blocks alone prove is checked: that count, fees and their root agree, that each transaction can have paid
 * the least fee, and that neither accounts nor supply grow by more than they can. Balances, StateRoot and who signed are not known then.
 */
export function* checkLedger(
  verifySignature: VerifySignature,
  { terms, summary }: LedgerTip,
  state: LedgerState | undefined,
  block: SealedBlock,
  body: BlockBody,
): Generator<void, CheckedLedger> {
  const { Index, Validator, Ledger } = block;
  if (Ledger === undefined) throw new Error(`block ${Index} of a chain with a ledger has none`);
  if (state === undefined || body.Transactions === undefined) {
    const fault = findSummaryFault(terms, summary, Ledger);
    return fault === undefined ? { change: undefined } : { fault };
  }
  const draw = 'Draw' in block ? { Draw: block.Draw } : {};
  const rules = new LedgerRules(terms, verifySignature);
  return yield* judgeBlock(state, rules, { Index, Validator, Ledger, ...draw }, body);
}
