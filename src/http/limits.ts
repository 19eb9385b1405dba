/** Bounds of one server's web page and API. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Bytes of the chain that are handed to one client at a time: some ten of them fill the memory that the system has for its socket. */
  chainPieceBytes: 262_144,

  /** SPEC 9: bytes of a write. The longest useful one has 77 digits of a stake and a BPM. */
  writeBytesMax: 1024,

  /** How long the body of a write may take, ms: it fits into one packet, and a bad Wi-Fi sends that again within seconds. */
  writeBodyMs: 5000,

  /**
   * How long a write waits for its block in a chain of work, ms: three of the usual intervals, within which 19 of 20 searches end. Less than
   * `httpIdleMs`, after which its connection would count as idle, and than the minute after which proxies and programs give up.
   */
  searchWaitMs: 30_000,

  /** Writes that wait for their blocks hold at most this share of the connections, since each holds its own for so long. Others are answered at once. */
  searchWaitsShare: 0.25,

  /** Seats over HTTP, and never more than MAX_CONNECTIONS: as many validators as come through nc by default. About 1.4 KB each. */
  seatsMax: 10_000,

  /** A seat that no request has named for so long is given up, ms: a person who tries curl reads on in between. Two rounds at least. */
  seatIdleMs: 600_000,

  /** Seats that are told of a draw in one turn of the event loop: 1 ms at most, so that a draw never waits for the page. */
  seatsPerTurn: 100,

  /** How long a client should wait before it asks again for a seat, or for a place in a round, where all are taken, ms: as the words at nc say. */
  seatsFullMs: 60_000,

  /** Random bytes in the token of a seat: 128 bits cannot be guessed. */
  seatTokenBytes: 16,

  /** Addresses to find for a prefix: a handful is enough to show that the prefix is too short. */
  matchingAddressesMax: 5,

  /** Validators whose order of joining is remembered for their colours: twice as many as can take part by default. About 150 bytes each. */
  profilesMax: 20_000,

  /** Subscribers of the event stream at the same time: a lecture hall, twice. One costs about 20 KB. */
  subscribersMax: 2000,

  /** Subscribers have at most this share of the dashboard's connections. The others are for requests, for example of the metrics. */
  dashboardSubscriberShare: 0.9,

  /** One subnet has at most this share of the dashboard's connections: a whole hall may sit behind one router, but must not lock out all others. */
  dashboardAddressShare: 0.5,

  /** A subscriber with more unread bytes of events is disconnected. Its page reconnects by itself and resumes. */
  subscriberPendingBytesMax: 65_536,

  /** Subscribers written to in one turn of the event loop: 1 ms at most, so that a draw never waits for the page. */
  subscribersPerTurn: 100,

  /** How long a page waits before it reconnects, ms. */
  subscriberRetryMs: 2000,

  /** Events that are kept for pages that reconnect: those of about a minute at the highest rate. At most 12 KB each. */
  eventsKeptMax: 256,

  /** Changes within this time are published together, ms: an eye does not see them sooner. */
  pageRefreshMs: 250,

  /** How often the dashboard checks for changes without an event, such as a pause, ms. */
  statusCheckMs: 1000,

  /** The interval of heartbeats to subscribers, ms: a dead connection is noticed within a round, and proxies do not time out. */
  heartbeatMs: 5000,

  /** An idle HTTP connection is closed after this time, ms: longer than two heartbeats. */
  httpIdleMs: 40_000,

  /** How long the headers of a request, and the whole of it, may take, ms: every request of this API fits into one packet. */
  httpHeadersMs: 5000,
  httpRequestMs: 10_000,

  /** How long an HTTP connection stays open for the next request, ms. */
  httpKeepAliveMs: 5000,

  /**
   * Bytes of a connection that the HTTP parser is given at a time. It hands over every request that it finds in them, and each costs some KB
   * until it is answered. The shortest request has 18 bytes, so a piece has at most three; an honest request takes ten to twenty pieces.
   */
  requestPieceBytes: 64,

  /** Requests that are answered at the same time: enough that one that waits for the disk does not hold up the others. */
  requestsConcurrentMax: 8,

  /** Requests that wait to be answered, about 5 KB each, one per connection; more are refused. A hall that opens the page at once is served in a second. */
  requestsWaitingMax: 1024,

  /** How long a client should wait before it repeats a refused request, ms. */
  requestsBusyMs: 1000,

  /** Answers, or pieces of large ones, that are begun in one turn: most take 0.2 ms, those that list thousands of rounds 5 ms. */
  answersPerTurn: 4,

  /** Concurrent reads of the store for the page: Node has four threads for disk operations, and a draw needs one at once. */
  storeReadsMax: 2,

  /** Blocks of a long answer that are read at a time: about 16 KB, what a socket takes at a time. */
  blocksPerPiece: 16,

  /**
   * Total bytes of the answers that their clients have not received yet; beyond this the oldest are disconnected. Two pools of the largest size,
   * or 200 other answers.
   */
  pendingResponseBytesMax: 33_554_432,

  /** Blocks in a snapshot, which a page begins with. */
  newestBlocksMax: 8,

  /** The span of the rate of blocks, s: a minute is what people count in. */
  blockRateSeconds: 60,

  /** Candidates of past rounds from which fairness is computed: a day of rounds with 20 people. About 10 MB. */
  candidatesKeptMax: 50_000,

  /** Rounds in one answer about a validator: half a megabyte. */
  participationsMax: 5000,

  /** What blocks did to accounts that is kept for their histories: ten blocks of the largest size, or a day of small ones. About 10 MB. */
  accountEntriesMax: 20_000,

  /** Entries in one answer about an account: more than a person reads. */
  accountEntriesPerAnswerMax: 200,

  /** Waiting transactions in one answer: more than a person reads, and 50 KB of the usual ones. */
  waitingPerAnswerMax: 100,

  /**
   * Bytes of a message of a person who takes part in a browser. One that is longer than a line may be gets the words that a line gets; of one that is
   * longer than this nothing is kept.
   */
  playMessageBytesMax: 65_536,

  /** The high-water mark of such a person's socket, as at nc: what they are told in half an hour stays below it. */
  playHighWaterBytes: 16_384,

  /** The event loop's delay is reported over the last one to two of these, ms: a scraper with a shorter interval misses none. */
  loopWindowMs: 30_000,

  /** How often the delay of the event loop is sampled, ms: a shorter delay is not felt. */
  loopSampleMs: 10,

  /** The minimum time between two reports of the page's errors on the console, ms: an error often repeats for every visitor. */
  errorReportMs: 60_000,

  /** Validators in one answer about fairness: more than a person reads. */
  fairnessValidatorsMax: 500,

  /** Connections of a beacon: a lottery server and a page of each person in a lecture hall. */
  beaconConnectionsMax: 1000,

  /** Rounds of a beacon that are kept made, about 300 bytes each: those that several servers ask for at the same time. Any other takes 5 ms again. */
  beaconRoundsKeptMax: 64,
} as const;
