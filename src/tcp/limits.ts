/** What one server bounds at its sockets. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** SPEC 1: a longer line gets one error and ends the connection; the longest legal one has a few digits. */
  lineBytesMax: 4096,

  /** Telnet commands that are skipped within one line, in bytes: a client that negotiates all its options sends a few hundred. */
  telnetBytesMax: 16_384,

  /** SPEC 5: a burst may be this many seconds' worth of the lines allowed in one second. */
  lineBurstSeconds: 2,

  /** Sockets written to between two turns. At 5 to 13 µs a write this blocks the loop for less than a millisecond. */
  connectionsPerTurn: 64,

  /** The chain is kept in slices of this size, which all connections share. */
  chainSliceBytes: 65_536,

  /** What a connection is handed of the chain at a time: half of what goes out between two turns. */
  chainPieceBytes: 1_048_576,

  /** The high-water mark of our sockets: what a person is told in an hour stays below it. */
  socketHighWaterBytes: 16_384,

  /**
   * Chains that are on their way at the same time. Of each, some megabytes may wait in the system's memory for a reader, and the
   * system has a few hundred of them for all sockets together before it slows everybody.
   */
  chainDeliveriesMax: 128,

  /** A reader who has taken nothing of a chain for so long lets another have the place, ms: even a bad Wi-Fi takes a piece sooner. */
  chainStallMs: 10_000,

  /** Readers with a chain on its way who have taken nothing for so long; of more than these, those who are longest like this are cut. */
  chainsStalledMax: 128,

  /** Bytes of chain handed to all sockets together in one turn: a few milliseconds of copying into the kernel. */
  chainBytesPerTurn: 2_097_152,

  /**
   * Words that may wait for one connection; over this it is cut. A winner's announcement has about 250 bytes, so
   * this is what a person who reads nothing misses in eight hours of 30-second rounds.
   */
  pendingBytesMax: 262_144,

  /**
   * Words that may wait for all connections together; over this, those who are furthest behind are cut. With what JavaScript
   * adds to them they take about 30 MB of the heap, of which the smallest servers have 64.
   */
  pendingBytesOfAllMax: 16_777_216,

  /** Replies that may wait for one connection before the server stops reading from it until they are taken. */
  repliesWaitingBytesMax: 16_384,

  /**
   * After this a connection that we have closed is reset, when its last words have gone out, ms. nc does not go away before that: whoever
   * sits there would type into nothing.
   */
  farewellMs: 2000,

  /** How long a closed connection may take to read its last words before it is cut, ms. */
  lingerMs: 5000,

  /** Of what still comes from a closed connection so much is read and thrown away, about what was under way; the rest is not read. */
  discardedBytesMax: 1_048_576,

  /** Connections over MAX_CONNECTIONS that may take their time to read why at the same time; more are told and closed at once. */
  refusalsMax: 16,

  /** Connections over MAX_CONNECTIONS for whom somebody without a balance is making room at the same time; more are refused. */
  makingRoomMax: 16,

  /** Nobody makes room sooner after they came, ms: their balance may be on its way. */
  settlingMs: 2000,

  /** How long somebody who makes room may take to read why, ms: there is nothing else they could lose. */
  makingRoomMs: 200,

  /**
   * The first prompt waits this long for the other side to speak, ms. Browsers do at once, and a prompt before it would spoil their answer;
   * nobody sees a pause as short as this.
   */
  greetingDelayMs: 50,

  /** What the operator says to everybody at once, in bytes: two lines and a half of a terminal. */
  saidBytesMax: 200,
} as const;
