import { inTurns } from '../../base/run-to-end.ts';
import { signedBlock } from '../../core/build-block.ts';
import type { Signer } from '../../core/keys.ts';
import type { Candidate } from '../../core/pool.ts';
import type { Clock } from '../clock.ts';
import type { SignedBody } from '../engine.ts';
import type { LedgerToExtend } from '../ledger-to-extend.ts';
import type { Tip } from '../verifier.ts';
import type { InstantStoredBlock } from './group-draft.ts';

export interface LedgerBlockPorts {
  readonly clock: Clock;
  readonly authority: Signer;
  readonly ledger: LedgerToExtend;
}

/** A block with what lies beside it in a chain with a ledger. */
export interface LedgerBlock extends InstantStoredBlock {
  readonly signed: SignedBody;
}

/**
 * Makes the block behind `tip` that a candidate becomes, with the transactions that wait. It holds the accounts behind it, so the one before it has to
 * be stored first: blocks with a ledger are not drafted ahead as a group.
 */
export async function makeLedgerBlock(
  { clock, authority, ledger }: LedgerBlockPorts,
  tip: Tip,
  { validator, payload }: Pick<Candidate, 'validator' | 'payload'>,
): Promise<LedgerBlock> {
  const draft = await ledger.freeze().draft();
  const { summary } = await inTurns(clock, draft.finish(validator));
  const now = clock.timestamp();
  const content = {
    Index: tip.index + 1,
    // The wall clock may have gone back; the chain's time never does (SPEC 4).
    Timestamp: now < tip.timestamp ? tip.timestamp : now,
    BPM: payload,
    PrevHash: tip.hash,
    Validator: validator,
    Ledger: summary,
  };
  const block = signedBlock(content, tip.chainId, authority);
  return { block, text: JSON.stringify(block), body: [], signed: { Transactions: draft.transactions } };
}
