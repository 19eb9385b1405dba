import { inTurns } from '../../base/run-to-end.ts';
import { signedBlock } from '../../core/build-block.ts';
import type { Signer } from '../../core/keys.ts';
import type { Candidate } from '../../core/pool.ts';
import type { Clock } from '../clock.ts';
import type { SignedBody } from '../engine.ts';
import type { LedgerToExtend } from '../ledger-to-extend.ts';
import type { Tip } from '../verifier.ts';
import type { InstantStoredBlock, Predecessor } from './group-draft.ts';

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
 * Makes the blocks behind `tip` that candidates become, so that they can be stored together; the first takes the transactions that wait. Each holds the
 * accounts behind it, so those behind the first are made on a fork of the ledger.
 */
export async function makeLedgerBlocks(
  { clock, authority, ledger }: LedgerBlockPorts,
  tip: Tip,
  candidates: readonly Pick<Candidate, 'validator' | 'payload'>[],
): Promise<readonly LedgerBlock[]> {
  const blocks: LedgerBlock[] = [];
  const fork = candidates.length > 1 ? ledger.fork() : undefined;
  let predecessor: Predecessor = tip;
  for (const { validator, payload } of candidates) {
    const draft = blocks.length > 0 && fork !== undefined ? fork.draft() : await ledger.freeze().draft();
    const { summary, change } = await inTurns(clock, draft.finish(validator));
    fork?.follow(change);
    const now = clock.timestamp();
    const content = {
      Index: predecessor.index + 1,
      // The wall clock may have gone back; the chain's time never does (SPEC 4).
      Timestamp: now < predecessor.timestamp ? predecessor.timestamp : now,
      BPM: payload,
      PrevHash: predecessor.hash,
      Validator: validator,
      Ledger: summary,
    };
    const block = signedBlock(content, tip.chainId, authority);
    blocks.push({ block, text: JSON.stringify(block), body: [], signed: { Transactions: draft.transactions } });
    predecessor = { index: block.Index, hash: block.Hash, timestamp: block.Timestamp };
  }
  return blocks;
}
