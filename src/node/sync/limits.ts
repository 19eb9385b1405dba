/** What nodes say to each other is bounded here. Each bound has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A request, bytes: a locator of `locatorHashesMax` hashes and the words around it. */
  requestBytesMax: 8192,

  /** A frame of an answer, bytes: many small blocks travel in one, and a slow peer holds no more than this of our memory. */
  frameBytesMax: 65_536,

  /** An announcement, bytes: a block with its transactions (512 KiB at most), but not the pool of a large crowd, which is asked for. */
  announcementBytesMax: 1_048_576,

  /** A line of an answer, bytes. The longest is what lies beside a block: 20,000 signed candidates of 330 bytes, and 512 KiB of transactions. */
  lineBytesMax: 8_388_608,

  /** Hashes of a locator: one for each of the last ten blocks, then twice as far back each time, which reaches 2^64 blocks. */
  locatorHashesMax: 74,

  /** The last blocks that a locator names one by one: most forks are shorter. */
  locatorDenseHashes: 10,

  /** Blocks of one request: half a second of verification, so that a peer that stalls holds up no more than that. */
  blocksPerRequestMax: 2048,

  /** Addresses in the answer to `peers`: enough to find others, and one frame. */
  peersPerAnswerMax: 64,

  /** An address of a peer, characters. A multiaddr with a DNS name of 253 characters and an identity fits. */
  addressCharactersMax: 400,

  /** Peers at once, about 20 KB each: a class with room to spare, and a gossip mesh needs six. */
  peersMax: 128,

  /** Places that are kept for peers that the node dials itself: those who dial in can never take them, so a node cannot be surrounded. */
  dialledPeersMax: 16,

  /** Of these, places for one /24 or /64 of public addresses. Private ones are not counted: all nodes of a class may be in one. */
  dialledPerNetworkMax: 4,

  /** Places of those who dial in for one /24 or /64: half of them. A class behind one router shares one address. */
  inboundPerNetworkMax: 56,

  /** A peer that broke the protocol is kept away for so long, ms. It may be mended by then, and an address may have another owner. */
  misdeedBanMs: 600_000,

  /** A node of another chain is not asked again before, ms: it may begin anew. */
  strangerBanMs: 60_000,

  /** A peer that was too slow may try again after so long, ms: its line may be busy. */
  weaknessBanMs: 30_000,

  /** Peers that are kept away, about 0.1 KB each. The oldest is let in again when there are more. */
  bansMax: 4096,

  /** Peers that were cut and are listed with the reason: one look at a table. */
  cutsKeptMax: 32,

  /** Addresses that were dialled because a peer told of them, about 0.1 KB each: each is dialled once while it is remembered. */
  addressesTriedMax: 1024,

  /** Blocks that one peer is asked for at a time while many are fetched: so much is asked again when it stalls. At 10,000 blocks a second no peer is asked more often than it allows. */
  rangeBlocks: 512,

  /** Ranges that are fetched at once, each from one peer, counted from the block that is stored next: 16 peers are enough for any disk. */
  rangesMax: 16,

  /** Blocks that wait for those before them, bytes, in addition to the range that is stored next. */
  downloadBytesMax: 33_554_432,

  /** Blocks that are verified and stored in one write: a few tens of milliseconds, of which the disk has one wait. People in between are not held up. */
  blocksPerWrite: 256,

  /** How long a peer may keep us waiting in one answer, ms: it may have a large block to verify itself, and a satellite in between. */
  patienceMs: 10_000,

  /** For so many bytes that came, a peer may keep us waiting 1 ms longer: slower lines than 160 kbit/s cannot follow a chain. */
  answerBytesPerMsMin: 20,

  /** Branches that are fetched at once: one peer that stalls, or two, are not to keep us from the others. */
  branchesMax: 3,

  /**
   * What is fetched of a branch before it is known to be heavier, bytes: a hundred full blocks, or a day of small ones at the usual interval. A chain changes
   * to a branch in one write, so all of it is in memory before, about four times as large. People who were told of blocks for a day should decide
   * themselves that these never were: they begin anew from a peer of the other branch.
   */
  branchBytesMax: 50_331_648,

  /** SPEC 8: greetings are the heartbeat, ms. */
  heartbeatMs: 5000,

  /** A peer of which nothing was heard for so long is gone, ms: three heartbeats. */
  silenceMs: 15_000,

  /** A named peer that does not answer is dialled again after so long at first, ms, then twice as long each time. */
  redialMinMs: 1000,

  /** And at most, ms: who waits for an authority to come back should not wait longer. */
  redialMaxMs: 16_000,

  /** Peers that a node which was not told of more looks for: a gossip mesh has six to twelve. */
  peersWanted: 8,

  /** How often a wallet looks whether a peer can prove its accounts behind a new block, ms: a person waits for it, and a look costs nothing. */
  proofLookMs: 500,

  /** How often progress is told while many blocks are fetched, ms. */
  progressMs: 1000,

  /** Requests of a peer, a second: a heartbeat, a search for the fork point and a download need fewer. */
  requestsPerSecondMax: 20,

  /** Requests of a peer at once: the first seconds of a node that fetches the whole chain. */
  requestBurst: 100,

  /** What a peer is answered, bytes a second: 5,000 small blocks. The node's own people keep the rest of a line of 100 Mbit/s. */
  answerBytesPerSecond: 6_000_000,

  /** The same at once, bytes: a block with the largest body at full speed. */
  answerBurstBytes: 16_777_216,

  /** Announcements of a peer, a second: those that it passes on hold and are new, so they are no more than blocks and mempools give. */
  announcementsPerSecondMax: 200,

  /** The same at once: a full mempool, as after a partition. */
  announcementBurst: 5000,

  /** Bytes of the announcements of a peer, a second: half of what it may be answered. */
  announcedBytesPerSecondMax: 3_000_000,

  /** The same at once, bytes: 32 of the largest announcements. */
  announcedBurstBytes: 33_554_432,

  /** For so long a node remembers which announcements it has passed on, ms: they travel for seconds. */
  announcementMemoryMs: 30_000,

  /** What waits is announced again after so long, ms: when it is not remembered any more, and soon enough for the people whose it is. */
  announceAgainMs: 40_000,

  /** Of what waits, so much is announced again: as much as a block takes, and little of what peers may announce in that time. */
  announcedAgainMax: 1000,

  /** Blocks that are read from the store together: they are in memory until they are sent. */
  blocksPerRead: 64,

  /** The same with what lies beside them, which is at most `lineBytesMax` each: one waits for the disk while another is read. */
  wholeBlocksPerRead: 8,
} as const;
