/** Bounds on what is asked of the operating system. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /**
   * Public keys that are kept ready to verify with, about 1 KB each. A chain without a ledger has one; with a ledger these are the senders of
   * as many transactions as may wait at a time. Importing a key anew takes longer than a verification.
   */
  keysKeptMax: 5000,

  /** A long computation, such as a large draw, yields to the event loop after this time, ms: a wait that people do not notice. */
  turnMs: 1,

  /**
   * File descriptors that are not for participants: refused connections (16) and evicted ones (16), the database (5 at 250 MB, a few more while it
   * compacts), Node with its listeners (30), and some for tools that inspect the process.
   */
  fileDescriptorReserve: 80,

  /**
   * scrypt's N in a wallet file, 2^20: it takes 1 GB and some seconds. A file with more could fill the memory of a machine, and no wallet needs it.
   */
  scryptCostMax: 1_048_576,

  /** A wallet file has about 500 bytes; another kind of file is not read into memory. */
  walletBytesMax: 16_384,

  /** Characters of a wallet's name: it stands in lists and, with an ending, is the name of a file. */
  walletNameMax: 32,

  /** The i of m/44'/1'/i': the index of a hardened step of SLIP-10 is below 2^31. */
  walletAccountMax: 2_147_483_647,

  /** The niceness of a thread that searches for nonces: half of what there is, so that it takes what the others leave and still gets on. */
  miningPriority: 10,

  /**
   * Threads of one search that are started anew after they died. One may die of a passing want of memory; where more do, the fault lies
   * with what they run, and the search must not go on without end.
   */
  miningRestartsMax: 3,

  /** Threads that sign blocks: the event loop cannot make more blocks than four can sign. */
  signingThreadsMax: 4,

  /** Texts that are signed at once, 20 µs each: a thread would have answered no sooner, and where few come it need not be there. */
  signedAtOnceMax: 8,

  /** The largest TCP port, 2^16 - 1 (RFC 9293). */
  portMax: 65_535,

  /** Ports to try above one that is in use. When so many are taken, the operator should choose. */
  portTriesMax: 20,

  /** How long an answer of a relay may take, ms: the slowest mobile line needs less for half a kilobyte, and another relay is asked meanwhile. */
  beaconAnswerMs: 5000,

  /** Bytes of an answer of a relay: `/info` has some 600. */
  beaconAnswerBytesMax: 16_384,

  /** A relay that has not answered for so long gets company, ms: twice what a good one takes. */
  beaconHedgeMs: 500,

  /** Pauses between two rounds of questions to all relays, ms: at first the time by which a relay may be behind its beacon, later what burdens no relay. */
  beaconRetryMsMin: 250,
  beaconRetryMsMax: 4000,

  /** How often the wall clock is looked at again while a round is awaited, ms: it may be set. */
  beaconLookMs: 1000,

  /** Connections of the dashboard: the event streams, and short requests besides. */
  dashboardConnectionsMax: 2200,

  /** The dashboard takes at most this share of the file descriptors; the lottery's connections come first. */
  dashboardDescriptorShare: 0.2,
} as const;
