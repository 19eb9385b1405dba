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

  /** Requests of a peer, a second: a heartbeat, a search for the fork point and a download need fewer. */
  requestsPerSecondMax: 20,

  /** Requests of a peer at once: the first seconds of a node that fetches the whole chain. */
  requestBurst: 100,

  /** What a peer is answered, bytes a second: 5,000 small blocks. The node's own people keep the rest of a line of 100 Mbit/s. */
  answerBytesPerSecond: 6_000_000,

  /** The same at once, bytes: a block with the largest body at full speed. */
  answerBurstBytes: 16_777_216,

  /** Blocks that are read from the store together: they are in memory until they are sent. */
  blocksPerRead: 64,
} as const;
