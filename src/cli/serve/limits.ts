/** Bounds of the command `serve`. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** How often a server that npm started looks whether npm is still there, ms: the person who stops it waits for that. */
  parentCheckMs: 250,

  /** From the first signal to the end of the process, ms: 2 s are promised, and the runtime itself needs some of them. */
  stopMs: 1700,

  /** npm passes on a Ctrl-C that the terminal has already delivered: a second signal within this time, ms, is the same key. */
  sameSignalMs: 200,

  /** Lines about people that the console prints in a second; the rest of the second is summed up in one line. */
  consoleLinesPerSecond: 20,

  /**
   * Bytes that wait for the console to be read, some 800 lines: what happens in minutes. More are dropped and counted, since no reader
   * is there.
   */
  consoleWaitingBytesMax: 65_536,

  /** How often a console that took nothing is tried again, ms: an eye does not see the pause, and the processor does not feel it. */
  consoleRetryMs: 20,

  /** How long the last words on the console may take to be taken when the server ends, ms: an end within 2 s is promised. */
  consoleFarewellMs: 100,

  /** What is longer goes on in the next line of the console: terminals begin with 80 columns. */
  consoleColumns: 79,

  /** Blocks of a chain that the console shows from time to time, a line each: a small terminal still has room for what people do. */
  dumpedBlocksMax: 6,

  /** Blocks that `chain tail` shows where no number is given: half of a small terminal. */
  tailBlocks: 10,
} as const;
