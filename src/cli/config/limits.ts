/** Bounds of the settings. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Settings that count people, lines or slips may not be set higher: one machine has no use for more, so it is surely a slip. */
  countSettingMax: 1_000_000,

  /** Threads that search for nonces, about 5 MB each: more than there are cores find nothing sooner, and no machine of today has more of them. */
  minersMax: 1024,

  /** Characters of a seed: a phrase that people say to each other, and that fits into a line of status. */
  seedCharactersMax: 40,
} as const;
