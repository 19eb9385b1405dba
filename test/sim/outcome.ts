import type { Fault } from './faults.ts';

/** What came of a run. */
export interface Outcome {
  /** How many blocks were told. */
  readonly blocks: number;
  /** How many transactions were in them. */
  readonly transactions: number;
  /** How many server processes there were. */
  readonly lives: number;
  /** How often each fault happened. */
  readonly faults: ReadonlyMap<Fault, number>;
  /** Every promise that was broken, in words; empty when the run is good. */
  readonly broken: readonly string[];
  /** The step in which it was seen. */
  readonly brokenAt: number;
  /** A hash over all that anybody saw and all that was stored: two runs of one plan must agree on it. */
  readonly digest: string;
  /** What happened, newest last. */
  readonly trace: readonly string[];
}
