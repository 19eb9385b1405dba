/** What one lottery bounds: its round and its draw. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** SPEC 4: one series of secrets lasts 22 days of 30-second rounds and is made in under 0.1 s. */
  linksPerChain: 65_536,

  /**
   * MAX_STAKE may not be set higher. A ticket is drawn from 256 bits (SPEC 3), so a pool's total must stay
   * below 2^256, about 1.15 × 10^77: a full pool of such stakes does, with room to spare.
   */
  stakeCeiling: 1_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n,

  /**
   * Candidates in one round. Each connection has at most one at a time, but people may propose, hang up and come
   * back with a new stake; this keeps the memory of a round (about 0.5 KB each) and of its draw bounded.
   */
  poolSizeMax: 100_000,

  /** A draw that is later than this is told to everybody, ms (SPEC 1): people begin to wonder later. */
  lateDrawMs: 1000,

  /** How often the wall clock is looked at again while it is behind a beacon's, ms. */
  clockLookMs: 100,
} as const;
