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

  /** What a pipe may hold that answers questions: 24 words and a passphrase have less than 2 KB, and a pipe without end must not fill the memory. */
  answersBytesMax: 65_536,

  /** How often a person is asked again whose answer was wrong, in all: as often as sudo asks. */
  answerTriesMax: 3,

  /**
   * Characters of a new passphrase. With less than 8 it is soon guessed whatever a guess costs (NIST SP 800-63B); a longer one than 1024 is
   * surely another file.
   */
  passphraseMin: 8,
  passphraseMax: 1024,

  /** How long a program at our port may take to greet like a lottery, ms. */
  greetingMs: 1000,

  /** How long an answer of a running server may take, ms: reading a chain of a million blocks for a hash takes seconds, on a busy machine some more. */
  answerMs: 30_000,

  /** What an answer of a server may hold, bytes: twice of what ours sends at most. A stranger's must not fill the memory. */
  answerBytesMax: 8_388_608,

  /** How deep an answer may be nested: the deepest of ours, the OpenRPC document, has some dozen levels. */
  answerDepthMax: 64,

  /** How long a command that waits for a transaction rests between two questions, ms: a person notices no less, and a server no more. */
  transactionPollMs: 500,
} as const;
