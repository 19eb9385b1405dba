import { isDrawn } from '../../core/block.ts';
import { readBlock } from '../../core/form.ts';
import { checkBlock, type Fault, type Tip } from '../../core/verify.ts';

/** What a verifier finds at one block of a chain that somebody has changed. */
export type Finding =
  | { readonly kind: 'holds' }
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** Nothing is wrong with this block, but a block before it does not hold. */
  | { readonly kind: 'stands on it' };

/**
 * Checks every block, also behind one that does not hold: then as if that one were believed, so that it is seen how far the
 * break runs. Where a block is not even read, the block that stood there before, in `original`, is believed.
 */
export function findBreaks(chain: readonly unknown[], original: readonly unknown[]): readonly Finding[] {
  const findings: Finding[] = [];
  let tip: Tip | undefined;
  let isBroken = false;
  for (const [index, json] of chain.entries()) {
    const checked = checkBlock(tip, json);
    if ('fault' in checked) {
      isBroken = true;
      findings.push({ kind: 'fault', fault: checked.fault });
      tip = believed(tip, json, index) ?? believed(tip, original[index], index) ?? tip;
    } else {
      findings.push({ kind: isBroken ? 'stands on it' : 'holds' });
      tip = checked.tip;
    }
  }
  return findings;
}

/** The tip that a block says it makes. */
function believed(tip: Tip | undefined, json: unknown, index: number): Tip | undefined {
  const form = readBlock(json, index);
  if ('why' in form) return undefined;
  const block = form.value;
  const { Hash: hash, Timestamp: timestamp } = block;
  if (isDrawn(block)) {
    return tip && { ...tip, index, hash, timestamp, link: block.NextCommitment ?? block.Draw.Reveal };
  }
  const { Salt: salt, Links: links, Commitment: link } = block.Genesis;
  return { index, hash, timestamp, genesisHash: hash, salt, links, link };
}
