import type { BrokenRule, SealRules } from '../consensus.ts';

/** An instant block is sealed by its authority's signature, which every chain with an authority asks for: there is nothing to add (SPEC 4). */
export class InstantRules implements SealRules {
  *findSealFault(): Generator<void, undefined> {}

  findFinalFault(): BrokenRule | undefined {
    return undefined;
  }

  /** There is one chain only: what its authority signs. A longer one is further. */
  weightOf(): bigint {
    return 1n;
  }

  after(): InstantRules {
    return this;
  }
}
