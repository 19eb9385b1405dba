import type { Fault } from '../../../consensus/verifier.ts';
import type { VerifyBeacon } from '../../../core/beacon.ts';
import type { VerifySignature } from '../../../core/keys.ts';
import { LenientVerifier } from '../../chain/lenient-verifier.ts';

/** What a verifier finds at one block of a tampered chain. */
export type BlockStatus =
  | { readonly kind: 'holds' }
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** Nothing is wrong with this block, but a block before it does not hold. */
  | { readonly kind: 'stands on it' };

/**
 * Checks every block. Behind a broken block it goes on as if that block were good, which shows how far the damage reaches. Where a
 * block cannot even be parsed, the block that stood there before, in `original`, is taken for it.
 */
export function checkEveryBlock(
  chain: readonly unknown[],
  original: readonly unknown[],
  verifySignature: VerifySignature,
  verifyBeacon?: VerifyBeacon,
): readonly BlockStatus[] {
  const walk = new LenientVerifier(verifySignature, verifyBeacon);
  let isBroken = false;
  return chain.map((json, index) => {
    const checked = walk.check(json, undefined, original[index]);
    if (checked !== 'unchecked' && 'fault' in checked) {
      isBroken = true;
      return { kind: 'fault', fault: checked.fault };
    }
    return { kind: isBroken ? 'stands on it' : 'holds' };
  });
}
