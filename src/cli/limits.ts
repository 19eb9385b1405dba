/** Bounds that several commands share. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A round or broadcast interval: below 10 ms timers cannot keep the grid; above a day it is surely a slip. */
  intervalMsMin: 10,
  intervalMsMax: 86_400_000,

  /** How often the status line is looked at, ms: it counts seconds. */
  statusIntervalMs: 500,

  /** Entries that the operator's lists show before the rest is only counted. */
  listedEntriesMax: 20,

  /** How often a line that says how far a work has come is drawn again, ms: no reader follows a quicker change. */
  progressIntervalMs: 500,

  /** A person who waits longer than this wants to see that something happens, ms. */
  progressAfterMs: 1000,

  /** Lines that a terminal keeps for its arrow keys: a whole session of one person. */
  terminalHistoryMax: 100,

  /** How long a program at our port may take to greet like a lottery, ms. */
  greetingMs: 1000,
} as const;
