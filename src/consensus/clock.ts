import type { Turns } from '../base/run-to-end.ts';

/** Time. Nothing in consensus or node asks anything else for it. */
export interface Clock extends Turns {
  /** Milliseconds since some fixed moment; never goes back, whatever happens to the wall clock. */
  monotonicMs(): number;
  /** The wall clock: ISO 8601, UTC, milliseconds. May jump. */
  timestamp(): string;
  /** Calls `wake` once, at or soon after a moment of the monotonic clock, or a little early; returns a function that prevents it. */
  wakeAt(monotonicMs: number, wake: () => void): () => void;
}
