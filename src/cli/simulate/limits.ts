/** Bounds of the command `simulate`. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Rounds of one simulation: at about 200,000 a second this is more than an hour; more is surely a slip. */
  simulatedRoundsMax: 1_000_000_000,

  /** Rounds of a simulation between two looks at the clock: a few milliseconds. */
  simulatedRoundsPerStep: 1000,

  /** Rows of a table or list that a person is to take in at a glance. */
  glanceRowsMax: 20,
} as const;
