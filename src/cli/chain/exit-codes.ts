/** How the verbs end that read a chain. */
export const exitCodes = {
  holds: 0,
  /** The chain does not hold. */
  broken: 1,
  /** There is no chain, or it cannot be read. */
  unreadable: 4,
  /** The output file cannot be written. */
  unwritable: 5,
} as const;
