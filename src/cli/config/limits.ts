/** Bounds of the settings. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Settings that count people, lines or slips may not be set higher: one machine has no use for more, so it is surely a slip. */
  countSettingMax: 1_000_000,
} as const;
