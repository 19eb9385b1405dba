import type { DrawnBlock } from '../../core/block.ts';
import type { FoundEvidence } from '../evidence-file.ts';

/** The result of a received chain: it holds, or the first thing that does not; `why` is one printable sentence. */
export type ChainCheckResult =
  | {
      readonly kind: 'holds';
      readonly blocks: number;
      readonly newest: DrawnBlock | undefined;
      /** How many announced winners were found in it since the chain before. */
      readonly winners: number;
    }
  | {
      readonly kind: 'broken';
      readonly why: string;
      /** Where two signatures of the authority contradict each other. */
      readonly evidence?: FoundEvidence;
    }
  /** Its format was never released. */
  | { readonly kind: 'unreleased' };

/** The same, or that it holds if the signatures of its beacons do, which are still being verified. */
export type EarlyCheckResult =
  | ChainCheckResult
  | { readonly kind: 'later'; readonly settled: Promise<ChainCheckResult> };
