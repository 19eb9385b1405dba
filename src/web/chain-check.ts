import { inTurns } from '../base/run-to-end.ts';
import { ChainVerifier, type Fault } from '../consensus/verifier.ts';
import { loadBeaconVerifier } from '../core/load-beacon-verifier.ts';
import { verifySignature } from './ed25519.ts';
import { PageTurns } from './page-turns.ts';

/** The result of checking the whole chain: the number of valid blocks, and the first fault. */
export interface ChainCheckResult {
  readonly blocks: number;
  readonly fault: Fault | undefined;
}

export interface ChainCheckOptions {
  /** Fetches blocks from an index on, at most `limit`; an empty list at the end of the chain. */
  readonly fetchBlocks: (from: number, limit: number) => Promise<readonly unknown[]>;
  readonly blocksPerFetch: number;
  /** Called after every batch. */
  readonly progress: (blocks: number) => void;
}

/** Checks the chain from its genesis on, up to the first fault, with the rules that the server itself applies. */
export async function checkChain({
  fetchBlocks,
  blocksPerFetch,
  progress,
}: ChainCheckOptions): Promise<ChainCheckResult> {
  const turns = new PageTurns();
  let verifier = new ChainVerifier(verifySignature);
  let blocks = 0;
  for (;;) {
    const batch = await fetchBlocks(blocks, blocksPerFetch);
    for (const json of batch) {
      const { tip, state } = verifier;
      if (blocks === 1 && tip !== undefined)
        verifier = new ChainVerifier(verifySignature, { verifyBeacon: await loadBeaconVerifier(tip.form), tip, state });
      const checked = await inTurns(turns, verifier.nextInSteps(json));
      if ('fault' in checked) return { blocks, fault: checked.fault };
      blocks += 1;
    }
    progress(blocks);
    if (batch.length < blocksPerFetch) {
      const fault: Fault | undefined =
        verifier.tip === undefined ? { index: 0, rule: 'form', why: 'there is no block' } : undefined;
      return { blocks, fault };
    }
  }
}
