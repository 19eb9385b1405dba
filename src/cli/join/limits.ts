/** Bounds of the command `join`. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A client keeps this much of a block that it is sent: honest ones have about 1 KB and 0.2 KB for each doubling of the pool. */
  blockBytesMax: 65_536,

  /** Announced winners that a client keeps until it receives the chain with their blocks: eight hours of 30-second rounds. */
  announcementsMax: 1024,

  /**
   * A chain may be this many blocks ahead of what a client has been told: with thousands of connections a draw can fall
   * between two turns of a broadcast. More would let a wrong announcement pass for another block's.
   */
  announcedAheadMax: 2,

  /** Signatures of beacons that wait to be verified, about 500 bytes and 25 ms each: those of two hours of 30-second rounds take 6 s. */
  beaconSignaturesWaitingMax: 4096,

  /** How long a client that leaves goes on verifying signatures of beacons, ms: some forty. What is left is said. */
  lastCheckMs: 1000,

  /** Characters of a server's line that a client shows: its longest own lines have about 250. */
  serverCharactersMax: 500,

  /** The longest name of a machine (RFC 1035, written without its last dot). */
  hostNameCharactersMax: 253,

  /** Draws after which a client may be asked to leave: a thousand years of 30-second rounds; more is surely a slip. */
  joinedRoundsMax: 1_000_000_000,

  /** How long a client tries to connect, ms. */
  connectMs: 10_000,

  /** Bots in one process: what MAX_CONNECTIONS allows by default. */
  botsMax: 10_000,

  /** File descriptors of a client that are not connections: Node's own, standard input and output. */
  clientFilesReserve: 40,

  /** Bots that are on their way to the server at the same time; more could overrun its backlog. */
  botsConnectingMax: 64,
} as const;
