/** Bounds of texts and numbers as they are read and shown. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** SPEC 1: input that a person typed is shown up to this length and no further. */
  shownCharactersMax: 64,

  /** Numbers that the way to the chance of a streak may keep: 80 MB. */
  streakHistoryMax: 10_000_000,

  /** Digits of an amount in a chain: with 77 of them it is below 2^256, so a ticket can be drawn from 256 bits. */
  amountDigitsMax: 77,
} as const;
