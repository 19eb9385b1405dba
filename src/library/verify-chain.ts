import { inTurns } from '../base/run-to-end.ts';
import { ChainVerifier, type Fault, type Tip } from '../consensus/verifier.ts';
import { parseExact } from '../core/exact-json.ts';
import type { VerifySignature } from '../core/keys.ts';
import { loadBeaconVerifier } from '../core/load-beacon-verifier.ts';
import { verifySignature as portableVerifier } from '../core/portable-ed25519.ts';
import { PageTurns } from './page-turns.ts';

/** What came of the check of a chain. */
export interface ChainVerdict {
  /** How many blocks hold, from the genesis on. */
  readonly blocks: number;
  /** The first rule that is broken; undefined where the chain holds. */
  readonly fault: Fault | undefined;
  /** The last block that holds, as far as it matters for the next; undefined where not even the genesis holds. */
  readonly tip: Tip | undefined;
}

/** How a chain is checked. */
export interface VerifyOptions {
  /** What signatures are verified with: JavaScript that runs anywhere where it is left out. `nativeVerifier` of `sortition/node` is several times as fast. */
  readonly verifySignature?: VerifySignature;
}

/**
 * Checks a chain from its genesis on, up to the first fault, with the rules that a server applies to its own chain. Each block is a value of
 * JSON or its text; a text must be written as the server writes it. Yields to the event loop, so that a page stays responsive.
 * @param blocks All blocks in order, for example the array that a server sends, or what is read of it bit by bit.
 */
export async function verifyChain(
  blocks: Iterable<unknown> | AsyncIterable<unknown>,
  { verifySignature = portableVerifier }: VerifyOptions = {},
): Promise<ChainVerdict> {
  const turns = new PageTurns();
  let verifier = new ChainVerifier(verifySignature);
  let count = 0;
  for await (const block of blocks) {
    const { tip, state } = verifier;
    if (count === 1 && tip !== undefined)
      verifier = new ChainVerifier(verifySignature, { verifyBeacon: await loadBeaconVerifier(tip.form), tip, state });
    const json = typeof block === 'string' ? parseExact(block) : block;
    const checked = await inTurns(turns, verifier.nextInSteps(json));
    if ('fault' in checked) return { blocks: count, fault: checked.fault, tip };
    count += 1;
  }
  const { tip } = verifier;
  const fault: Fault | undefined = tip === undefined ? { index: 0, rule: 'form', why: 'there is no block' } : undefined;
  return { blocks: count, fault, tip };
}
