/** Bounds of texts and numbers as they are read and shown. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** SPEC 1: input that a person typed is shown up to this length and no further. */
  shownCharactersMax: 64,

  /** SPEC 10 (MAX_LINES_PER_SECOND): a burst may be this many seconds' worth of the lines allowed in one second. */
  lineBurstSeconds: 2,

  /** Numbers that the way to the chance of a streak may keep: 80 MB. */
  streakHistoryMax: 10_000_000,

  /** Digits of an amount in a chain: with 77 of them it is below 2^256, so a ticket can be drawn from 256 bits. */
  amountDigitsMax: 77,

  /** Hashes in one step of a long computation, about 10 µs: a step for each would cost half as much again as the hash. */
  hashesPerStep: 16,
} as const;
