/** Bounds of the API that its clients have to know. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A client's guess at the end of a round is given up when the draw is this late, ms: a slow line is not yet a wrong guess. */
  drawOverdueMs: 2000,

  /** How long somebody for whom there was no place to watch waits before they ask again, ms: a place may be free by then. */
  watcherRefusedMs: 5000,

  /** Blocks in one answer of /api/blocks: about half a megabyte. */
  blocksPerAnswerMax: 500,
} as const;
