import { inTurns } from '../base/run-to-end.ts';
import { type BlockEvidence, type BlockFault, beaconVerifierOf, findBlockFault } from './block-check.ts';
import { PageTurns } from './page-turns.ts';

/**
 * Checks one block of a chain by all rules, given the genesis, the block before it, and its pool where there is one. What lies before that is
 * taken as valid. Resolves to the first rule that is broken; to undefined where the block holds.
 */
export async function checkBlock(evidence: BlockEvidence): Promise<BlockFault | undefined> {
  const verifyBeacon = await beaconVerifierOf(evidence.genesis);
  return inTurns(new PageTurns(), findBlockFault(evidence, verifyBeacon));
}
