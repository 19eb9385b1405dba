/** What one server bounds on its web page and API. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Addresses that a prefix is looked up for: a handful is enough to show that it is too short. */
  matchingAddressesMax: 5,

  /** Pages that watch at the same time: a lecture hall, twice. One costs about 20 KB. */
  watchersMax: 2000,

  /** At most this share of them watches: the others are for whoever asks for a page, or for the metrics. */
  dashboardWatcherShare: 0.9,

  /** One other machine or router has at most this share of them: a whole hall may sit behind it, but it must not lock out everybody else. */
  dashboardAddressShare: 0.5,

  /** A page that has not taken so many bytes of events is dropped; it comes back by itself and resumes. */
  watcherPendingBytesMax: 65_536,

  /** Watchers written to between two turns: 1 ms at most, so that a draw never waits for the page. */
  watchersPerTurn: 100,

  /** How long a page waits before it comes back, ms. */
  watcherRetryMs: 2000,

  /** Events that are kept for pages that come back: at the quickest, about a minute's. At most 10 KB each. */
  eventsKeptMax: 256,

  /** Changes within this time are told to the pages together, ms: an eye does not see them sooner. */
  pageRefreshMs: 250,

  /** How often the dashboard looks at what no event tells, such as a pause, ms. */
  statusCheckMs: 1000,

  /** How often every watcher is sent a beat, ms: often enough that a dead line is noticed within a round, and sooner than proxies cut. */
  watcherBeatMs: 5000,

  /** An HTTP connection on which nothing moves for so long is closed, ms: longer than two beats. */
  httpIdleMs: 40_000,

  /** How long the headers of a request, and the whole of it, may take, ms: all that is asked for here fits into one packet. */
  httpHeadersMs: 5000,
  httpRequestMs: 10_000,

  /** How long an HTTP connection stays open for the next request, ms. */
  httpKeepAliveMs: 5000,

  /**
   * Bytes of a connection that the HTTP parser is given at a time. It hands over every request that it finds in them, and each costs some KB
   * until it is answered: the shortest has 18 bytes, so these are three, while an honest one takes ten to twenty such pieces.
   */
  requestPieceBytes: 64,

  /** Requests whose answers are being made at the same time: enough that one who waits for the disk does not hold up the others. */
  requestsUnderWayMax: 8,

  /** Requests that wait for that, about 5 KB each, one a connection; more are refused. A hall that opens the page at once is served in a second. */
  requestsWaitingMax: 1024,

  /** How long a request that was refused should wait before it is sent again, ms. */
  requestsBusyMs: 1000,

  /** Answers, or pieces of large ones, that are begun between two turns: most take 0.2 ms, those that list thousands of rounds 5 ms. */
  answersPerTurn: 4,

  /** Reads of the store for the page at the same time: Node has four threads for all that waits for a disk, and a draw needs one at once. */
  pageReadsMax: 2,

  /** Blocks of a long answer that are read when there is room for them: about 16 KB, what a socket takes at a time. */
  blocksPerPiece: 16,

  /**
   * Bytes of answers that wait for their readers, of all together; over this, those that have been under way for longest are cut. Two pools
   * of the largest size, or 200 others.
   */
  untakenBytesMax: 33_554_432,

  /** Blocks that a page begins with. */
  newestBlocksMax: 8,

  /** Candidates of past rounds that fairness is counted from: 20 people are remembered for a day. About 10 MB. */
  candidatesKeptMax: 50_000,

  /** Rounds in one answer about a validator: half a megabyte. */
  partsMax: 5000,

  /** The event loop's delay is told for the last one to two of these, ms: whoever scrapes at least so often misses none. */
  loopWindowMs: 30_000,

  /** How often the event loop is looked at for the metrics, ms: nobody feels a delay that is shorter. */
  loopLookMs: 10,

  /** How often a fault of the page may be reported on the console, ms: what fails once often fails for every visitor. */
  faultReportMs: 60_000,

  /** Validators that one answer about fairness lists: more than anybody reads. */
  fortunesMax: 500,
} as const;
