/** Bounds that every node must agree on: they are part of the format (SPEC 4). Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** SPEC 1: the largest BPM, 2^31 - 1, so that any language's 32-bit integer holds one. */
  bpmMax: 2_147_483_647,
} as const;
