/** Bounds of the retarget that every node must agree on (SPEC 7). Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Blocks that a difficulty looks back on: enough to smooth luck, few enough to follow miners who come and go within minutes. */
  retargetBlocksMax: 16,

  /** How many times larger or smaller than the one before a difficulty may be: one false timestamp must not decide how hard the next block is. */
  retargetStepMax: 4n,
} as const;
