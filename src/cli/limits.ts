/** Bounds that several commands share. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A round or broadcast interval: below 10 ms timers cannot keep the grid; above a day it is surely a slip. */
  intervalMsMin: 10,
  intervalMsMax: 86_400_000,

  /** How often the status line is looked at, ms: it counts seconds. */
  statusIntervalMs: 500,

  /** Entries that the operator's lists show before the rest is only counted. */
  listedEntriesMax: 20,

  /** One line of an export that carries a pool: 100,000 candidates of at most 200 bytes each, and the block. */
  entryBytesMax: 20_971_520,

  /** How long a program at our port may take to greet like a lottery, ms. */
  greetingMs: 1000,
} as const;
