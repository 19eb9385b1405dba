/**
 * What one process bounds at its sockets. Other nodes need not agree: what they must agree on is in core. Each bound has its unit in its name
 * and the reason for its size beside it.
 */
export const limits = {
  /** Blocks of one group that are announced in a line each; of more there is one line for all, because people do not read so much at once. */
  announcedBlocksMax: 5,

  /** SPEC 1: a longer line gets one error and ends the connection. The longest useful line has a few dozen digits. */
  lineBytesMax: 4096,

  /** Bytes of telnet commands that are skipped within one line: a client that negotiates all its options sends a few hundred. */
  telnetBytesMax: 16_384,

  /** Sockets that are written to in one turn of the event loop. At 5 to 13 µs a write this takes less than a millisecond. */
  connectionsPerTurn: 64,

  /** Blocks of the chain that are read from the store at a time, for all connections: about 100 KB, which take a third of a millisecond. */
  chainBlocksPerSlice: 256,

  /** The blocks of `chain tail` where neither the person nor the setting says how many: some screens, and the round that people ask about. */
  chainTailBlocks: 100,

  /** Bytes of the chain that stay in memory for the next connection: those who are sent it at the same time are seldom further apart. */
  chainKeptBytesMax: 16_777_216,

  /**
   * What one connection is handed of the chain at a time. A connection that reads nothing holds so much of it in our memory, and what is larger is not
   * sent sooner.
   */
  chainPieceBytes: 262_144,

  /** The high-water mark of our sockets: what a person is told in half an hour stays below it. */
  socketHighWaterBytes: 16_384,

  /**
   * Chains that are on their way at the same time. Of each, some megabytes may wait in the memory of the system, which has a few hundred
   * megabytes for all sockets together before it slows all of them.
   */
  chainDeliveriesMax: 128,

  /** A connection that has taken nothing of a chain for so long gives its place to another, ms: even a bad Wi-Fi takes a piece sooner. */
  chainStallMs: 10_000,

  /**
   * Connections with a chain on its way that have taken nothing for so long: as many as make progress at most. Of more than these, the ones
   * that have stalled longest are disconnected.
   */
  chainsStalledMax: 128,

  /** Bytes of chain that are handed to all sockets together in one turn of the event loop: a few milliseconds of copying into the kernel. */
  chainBytesPerTurn: 2_097_152,

  /**
   * Bytes of words that may wait for one connection; with more it is disconnected. An announcement has about 250 bytes, so this is what a
   * person who reads nothing misses in eight hours of 30-second rounds.
   */
  pendingBytesMax: 262_144,

  /**
   * Bytes of words that may wait for all connections together; with more, those furthest behind are disconnected. With what JavaScript adds
   * to them they take about 30 MB of the heap, of which the smallest servers have 64.
   */
  pendingBytesOfAllMax: 16_777_216,

  /** Bytes of replies that may wait for one connection before its lines are not read until it has taken them: 400 short answers. */
  repliesWaitingBytesMax: 16_384,

  /**
   * A connection that we have closed is reset after this, when its last words have gone out, ms. nc exits only then; before that, a person
   * would type into nothing. Two seconds are enough to see that the server has closed.
   */
  resetDelayMs: 2000,

  /** How long a closed connection may take to read its last words before it is reset, ms: a bad Wi-Fi takes less. */
  lingerMs: 5000,

  /** Bytes that are discarded of what still comes from a closed connection: about what was under way. The rest is not read. */
  discardedBytesMax: 1_048_576,

  /**
   * Connections over MAX_CONNECTIONS that may take their time to read why, at the same time: half a class that comes late. More than these
   * are told and closed at once, so that a flood of connections cannot fill the memory with them.
   */
  refusalsMax: 16,

  /**
   * Connections over MAX_CONNECTIONS while connections without a balance are evicted for them, at the same time: as many as come in one
   * eviction (200 ms) when a class connects. More than these are refused.
   */
  evictionsMax: 16,

  /** A connection without a balance is not evicted sooner after it came, ms: its balance may be on its way. */
  evictionGraceMs: 2000,

  /** How long an evicted connection may take to read why, ms: it has nothing else to lose. */
  evictionMs: 200,

  /**
   * The first prompt waits this long for the other side to speak, ms. Browsers do so at once, and a prompt before that would spoil the answer
   * that they get. People do not notice a pause as short as this.
   */
  greetingDelayMs: 50,

  /** The characters of one text between two nodes: a frame of 64 KiB holds them, whatever the bytes are. */
  seatTextBytesMax: 32_768,

  /** How often a server that is out of reach is looked for, ms: people do not notice it, and a crowd of 1,000 does not burden this node. */
  seatRetryMs: 500,

  /** What of a line is looked at on its way to a person: all that is to be known of one is in its beginning. */
  heardLineCharactersMax: 200,

  /** The longest text that the operator says to everybody at once, in bytes: two lines and a half of a terminal. */
  saidBytesMax: 200,

  /** What the operator of a node that follows has said to a person who is in the middle of a line or does not read, characters: a few texts, escaped. */
  saidHeldCharactersMax: 4096,
} as const;
