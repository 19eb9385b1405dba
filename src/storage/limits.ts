/** Bounds on what the store reads and copies at a time. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Candidates of a pool that are encoded in one step: about 15 µs, and enough bytes to be worth a buffer. */
  encodedPerStep: 100,

  /** Tables that LevelDB may keep open: its own minimum. LevelDB maps tables into memory, so they cost no file descriptors. */
  databaseFilesMax: 74,

  /** Places of the index of hashes before it has grown, a power of two: a day of rounds, in 16 KB. */
  hashPlacesMin: 2048,

  /** Blocks, and their bytes, that are read from the store at a time: a few milliseconds each. */
  blocksPerReadMax: 1000,
  bytesPerReadMax: 1_048_576,

  /**
   * Attempts to copy a chain until no table was made or removed during the copy, and the pause between two attempts, ms. At 1 KB a block a
   * server makes a table every 4,000 blocks, and merges several within a second.
   */
  chainCopiesMax: 20,
  chainCopyPauseMs: 100,
} as const;
