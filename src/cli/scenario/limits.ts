/** Bounds of a scenario. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Bytes of a file: some 30,000 lines. A larger one is another kind of file. */
  fileBytesMax: 1_048_576,

  /** Characters of a name, as of the names that people have at nc. */
  nameCharactersMax: 20,

  /** Rounds that a scenario may last: a month of half minutes, which takes seconds. */
  roundsMax: 100_000,

  /** Draws that a series of secrets is for: a lesson has fewer, and a longer one makes the next. */
  linksPerChain: 1024,

  /** What a search for a block of work takes for a turn, ms, and how many nonces it tries in it: as fast as one thread of a small machine. */
  searchTurnMs: 10,
  noncesPerTurn: 1000,
} as const;
