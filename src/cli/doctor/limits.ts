/** Bounds of the command `doctor`. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A wall clock that shows an earlier year than this is wrong: it is older than the program. */
  clockYearMin: 2025,

  /** The wall clock may be this far off the monotonic one after a few hundred ms, ms: a correction in steps, not a jump. */
  clockJumpMs: 100,

  /** How long both clocks are compared, ms. */
  clockLookMs: 200,

  /** How many syncs a disk is judged by, and how much each writes: a block and the pool of a small room. Under a second on a hard disk. */
  probedSyncs: 16,
  probedSyncBytes: 2048,

  /** A sync that is quicker than this, ms, was not one: the quickest drives, with memory that outlives a power cut, need about 0.03. */
  syncMsMin: 0.01,

  /** A sync that takes longer than this, ms, is felt: hard disks need about 20. */
  syncMsMax: 100,

  /** The share of a round that its slowest sync may take: more would be felt as a late draw. */
  syncRoundShareMax: 0.25,

  /** Free space below which a server should not be started: LevelDB's own log alone takes 4 MB. */
  freeBytesMin: 16_000_000,

  /** Free space that is worth a warning: a month of 30-second rounds with their pools. */
  freeBytesLow: 500_000_000,
} as const;
