/** What one instant chain bounds. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /**
   * Blocks that share one synced write. The database takes a batch in one turn of the event loop, some 5 µs for a block and what lies beside it:
   * so many are a millisecond or two, and 25 syncs are enough for 6,000 blocks.
   */
  groupBlocksMax: 250,
} as const;
