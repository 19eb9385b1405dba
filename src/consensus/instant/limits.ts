/** What one instant chain bounds. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Blocks that share one synced write: about 0.5 MB with their texts, and no more than a tenth of a second of signatures. */
  groupBlocksMax: 1000,
} as const;
