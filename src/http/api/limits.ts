/** Bounds of the API that its clients have to know. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A client's guess at the end of a round is given up when the draw is this late, ms: a slow line is not yet a wrong guess. */
  drawOverdueMs: 2000,

  /** How long somebody for whom there was no place to watch waits before they ask again, ms: a place may be free by then. */
  watcherRefusedMs: 5000,

  /** Blocks in one answer of /api/blocks: about half a megabyte. */
  blocksPerAnswerMax: 500,

  /** Validators that have a segment each on the ticket bar; of more, only the largest do, and the rest are shown in groups. */
  segmentsMax: 60,

  /** The largest stakes of a pool that is shown in groups: as many as can still be told apart. */
  segmentsNamedMax: 30,

  /** Groups of the smaller stakes of such a pool: between the named ones they still show where on the strip the tickets are. At most 256. */
  segmentGroups: 32,

  /** Digits of an index in an address: with them it is exact as a number, and no chain gets so long. */
  indexDigitsMax: 15,
} as const;
