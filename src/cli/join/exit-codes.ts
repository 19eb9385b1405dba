/** How `sortition join` ends. */
export const exitCodes = {
  /** The person left, or had said all; bots have played their rounds. */
  ended: 0,
  /** There was no connection, or it was lost. */
  lost: 1,
  /** What the server said does not hold. */
  untrue: 6,
} as const;
