/** Bounds of the command `verify`. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** An evidence file: a genesis, which a ledger may give thousands of accounts, and two blocks of a few KB. */
  evidenceBytesMax: 1_048_576,
} as const;
