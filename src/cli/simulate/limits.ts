/** Bounds of the command `simulate`. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Rounds of one simulation: at about 200,000 a second this is more than an hour; more is surely a slip. */
  simulatedRoundsMax: 1_000_000_000,

  /** Rounds of a simulation between two looks at the clock: a few milliseconds. */
  simulatedRoundsPerStep: 1000,

  /** Validators that have words beside their dots in a picture: more of them stand on top of each other. */
  svgLabelsMax: 8,

  /** Rows of a table or list that a person is to take in at a glance. */
  glanceRowsMax: 20,
} as const;
