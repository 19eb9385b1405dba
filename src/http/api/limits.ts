/** Bounds of the API that its clients must know. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A client gives up its estimate of the end of a round when the draw is this late, ms: a slow connection is not yet a wrong estimate. */
  drawOverdueMs: 2000,

  /** A client that was refused the event stream tries again after this time, ms: a place may be free by then. */
  subscriberRefusedMs: 5000,

  /** Blocks in one answer of /api/blocks: about half a megabyte. */
  blocksPerAnswerMax: 500,

  /** Validators in one request of /api/profiles: as many as a page lists at a time, and their addresses fit into the headers of a request. */
  profilesPerAnswerMax: 100,

  /** Validators that have a segment each on the ticket bar. Of more, only the largest do, and the rest are shown in groups. */
  segmentsMax: 60,

  /** Validators of a pool whose groups say whom they consist of, so that all have their colours: of more, none is a pixel wide. */
  segmentPartsMax: 400,

  /** The largest stakes of a pool that is shown in groups: as many as can still be told apart. */
  segmentsNamedMax: 30,

  /** Groups of the smaller stakes of such a pool: between the named segments they still show where the tickets are. At most 256. */
  segmentGroups: 32,

  /** Digits of an index in a request: such an index is exact as a number, and no chain gets longer. */
  indexDigitsMax: 15,
} as const;
