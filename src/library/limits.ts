/** Bounds of the library. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A check lets a page answer after this time, ms: less than a frame of 60 a second. */
  turnMs: 10,

  /** What an answer of a server may hold, bytes: twice of what ours sends at most. A stranger's must not fill the memory. */
  answerBytesMax: 8_388_608,

  /** Characters of an event of a server: far more than a draw among thousands has. */
  eventCharactersMax: 4_194_304,
} as const;
