/** Bounds of the command `beacon`. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** The longest period, s: a day. A draw waits for two of them at most. */
  periodSMax: 86_400n,
} as const;
