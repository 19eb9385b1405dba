/** What one instant chain bounds. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /**
   * Blocks that share one synced write. The database takes a batch in one turn of the event loop, about 10 µs for a block and what lies beside it:
   * so many are a few milliseconds. A group of more would hardly spare any syncs.
   */
  groupBlocksMax: 250,
} as const;
