/** Bounds of the library. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A check lets a page answer after this time, ms: less than a frame of 60 a second. */
  turnMs: 10,
} as const;
