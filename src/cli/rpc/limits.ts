/** Bounds of the command rpc. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** How long an answer may take, ms: reading a chain of a million blocks for a hash takes seconds, on a busy machine some more. */
  answerMs: 30_000,
} as const;
