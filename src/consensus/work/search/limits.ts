/** Bounds of the search for nonces. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** SPEC 7: the largest nonce, 2^53 - 1, so that a JSON number holds it exactly. */
  nonceMax: 9_007_199_254_740_991,

  /**
   * Nonces between two looks at whether the search goes on. They take 0.3 ms at the 3 MH/s of a free core, and 2 ms at a sixth of that pace, so
   * that a search ends well within the 5 ms of SPEC 7; taking the next range costs less than one of its hashes.
   */
  noncesPerRange: 1024,
} as const;
