/** Every bound of the system in one place, each with its unit in its name and the reason for its size. */
export const limits = {
  /** SPEC 1: the largest BPM, 2^31 - 1, so that any language's 32-bit integer holds one. */
  bpmMax: 2_147_483_647,

  /** SPEC 1: a longer line gets one error and ends the connection; the longest legal one has a few digits. */
  lineBytesMax: 4096,

  /** Telnet commands that are skipped within one line, in bytes: a client that negotiates all its options sends a few hundred. */
  telnetBytesMax: 16_384,

  /** SPEC 1: of what a person typed, no more than this is ever shown to anybody. */
  shownCharactersMax: 64,

  /** SPEC 1: the wrong balance after which a connection is closed. */
  balanceAttemptsMax: 3,

  /**
   * Wrong codes that are tried in one minute from one network address; more are not looked at, and nobody else is kept from coming
   * back. A class behind one address mistypes less. From 65,536 addresses at this pace, a /48 of IPv6, 20,000 seats with
   * 60-bit codes are safe for a decade.
   */
  wrongCodesPerMinuteMax: 100,

  /** That minute, ms. */
  wrongCodesSpanMs: 60_000,

  /** Network addresses whose wrong codes are counted for themselves, about 0.1 KB each; those that come when there are so many count as one. */
  wrongCodeNetworksMax: 20_000,

  /** Seats that wait for somebody to come back, about 0.5 KB each: those who come and go must not fill the memory with them. */
  seatsWaitingMax: 20_000,

  /** REJOIN_GRACE_MS where it is auto and the server is public: time to find another Wi-Fi. */
  rejoinGraceMs: 120_000,

  /** SPEC 5: a burst may be this many seconds' worth of the lines allowed in one second. */
  lineBurstSeconds: 2,

  /** Public keys that are kept ready to verify with, about 1 KB each: a chain of a lottery has one. */
  keysKeptMax: 64,

  /** SPEC 4: one series of secrets lasts 22 days of 30-second rounds and is made in under 0.1 s. */
  linksPerChain: 65_536,

  /**
   * MAX_STAKE may not be set higher. A ticket is drawn from 256 bits (SPEC 3), so a pool's total must stay
   * below 2^256, about 1.15 × 10^77: a full pool of such stakes does, with room to spare.
   */
  stakeCeiling: 1_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000n,

  /** Digits of an amount in a chain: with 77 of them it is below 2^256, so a ticket can be drawn from 256 bits. */
  amountDigitsMax: 77,

  /**
   * Candidates in one round. Each connection has at most one at a time, but people may propose, hang up and come
   * back with a new stake; this keeps the memory of a round (about 0.5 KB each) and of its draw bounded.
   */
  poolSizeMax: 100_000,

  /** Candidates between the sockets and the pool. The reader empties it every turn; the bound is for the day it does not. */
  queueLengthMax: 16_384,

  /** A turn of a long computation, such as a large draw, ms: so long everybody else waits, and nobody feels it. */
  turnMs: 1,

  /** Candidates of a pool that are encoded in one step: about 15 µs, and enough that their bytes are worth a buffer. */
  encodedPerStep: 100,

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

  /** Connections that the system keeps for us while the event loop is busy; it cuts this to its own maximum, often 4096. */
  backlog: 4096,

  /** A dead peer (power cut, lost Wi-Fi) is probed for after this silence, ms, and then gives its place back. */
  keepAliveMs: 60_000,

  /** Tables that LevelDB may keep open: its own minimum. It maps them into memory, so they cost no file descriptors. */
  databaseFilesMax: 74,

  /** Blocks, and their bytes, that are read from the store at a time: a few milliseconds each. */
  blocksPerReadMax: 1000,
  bytesPerReadMax: 1_048_576,

  /**
   * A chain is copied at most so often until no table was made or removed meanwhile, with so long between, ms: at 1 KB a block a server
   * makes one every 4,000 blocks, and puts several together within a second.
   */
  chainCopiesMax: 20,
  chainCopyPauseMs: 100,

  /**
   * File descriptors that are not for people: refusals (16) and those who make room (16), the database (5 at 250 MB, a few more while it
   * compacts), Node with its listeners (30), and some for whoever watches.
   */
  fileDescriptorReserve: 80,

  /** The largest TCP port, 2^16 - 1 (RFC 9293). */
  portMax: 65_535,

  /** Ports above one that is in use among which a free one is looked for: whoever finds so many taken is better asked. */
  portTriesMax: 20,

  /** Settings that count people, lines or slips may not be set higher: one machine has no use for more, so it is surely a slip. */
  countSettingMax: 1_000_000,

  /** A round or broadcast interval: below 10 ms timers cannot keep the grid; above a day it is surely a slip. */
  intervalMsMin: 10,
  intervalMsMax: 86_400_000,

  /** While the disk is full, a drawn block is tried again after so long, ms: soon enough for people, and no burden. */
  diskRetryMs: 1000,

  /** A draw that is later than this is told to everybody, ms (SPEC 1): sooner than people begin to wonder. */
  lateDrawMs: 1000,

  /** How often a server that npm started looks whether npm is still there, ms: whoever stops it waits for that. */
  parentCheckMs: 250,

  /** From the first signal to the end of the process, ms: 2 s are promised, and the runtime itself needs some of them. */
  stopMs: 1700,

  /** Of that, the time in which people may read the server's last words, ms. */
  goodbyeMs: 300,

  /** npm passes on a Ctrl-C that the terminal has already delivered: a second signal within this time, ms, is the same key. */
  sameSignalMs: 200,

  /** How often the status line is looked at, ms: it counts seconds. */
  statusIntervalMs: 500,

  /** How often a line that says how far a work has come is drawn again, ms: quicker than this nobody reads. */
  progressIntervalMs: 500,

  /** A person who waits longer than this wants to see that something happens, ms. */
  progressAfterMs: 1000,

  /** Lines about people that the console prints in a second; the rest of the second is summed up in one line. */
  consoleLinesPerSecond: 20,

  /**
   * Bytes that wait for the console to be read, some 800 lines: what happens in minutes. More are dropped and counted, since nobody is
   * there to read them.
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

  /** What the operator says to everybody at once, in bytes: two lines and a half of a terminal. */
  saidBytesMax: 200,

  /** Lines that a terminal keeps for its arrow keys: a whole session of one person. */
  terminalHistoryMax: 100,

  /** Entries that the operator's lists show before the rest is only counted. */
  listedEntriesMax: 20,

  /** A client keeps this much of a block that it is sent: honest ones have about 1 KB and 0.2 KB for each doubling of the pool. */
  blockBytesMax: 65_536,

  /** Text of an export that is worth a write of its own. */
  exportPieceBytes: 65_536,

  /** Addresses that a prefix is looked up for: a handful is enough to show that it is too short. */
  matchingAddressesMax: 5,

  /** One line of an export that carries a pool: 100,000 candidates of at most 200 bytes each, and the block. */
  entryBytesMax: 20_971_520,

  /** A line of an export has five levels (Block, Draw, Path and one of its steps), a ledger has six: more would only cost the reader memory. */
  entryDepthMax: 8,

  /** The longest string of a chain is a key of a beacon, 192 digits. */
  entryStringMax: 256,

  /** Announced winners that a client keeps until it hears the chain with their blocks: eight hours of 30-second rounds. */
  announcementsMax: 1024,

  /**
   * A chain may be this many blocks ahead of what a client has been told: with thousands of connections a draw can fall
   * between two turns of a broadcast. More would let a wrong announcement pass for another block's.
   */
  announcedAheadMax: 2,

  /** A client's guess at the end of a round is given up when the draw is this late, ms: a slow line is not yet a wrong guess. */
  drawOverdueMs: 2000,

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

  /** A wall clock that shows an earlier year than this is wrong: it is older than the program. */
  clockYearMin: 2025,

  /** The wall clock may be this far off the monotonic one after a few hundred ms, ms: a correction in steps, not a jump. */
  clockJumpMs: 100,

  /** How long both clocks are compared, ms. */
  clockLookMs: 200,

  /** How many syncs a disk is judged by, and how much each writes: a block and the pool of a small room. Under a second on a hard disk. */
  probedSyncs: 16,
  probedSyncBytes: 2048,

  /** A sync that is quicker than this, ms, was not one: the quickest drives, with memory that outlives a power cut, need about 0.03. */
  syncMsMin: 0.01,

  /** A sync that takes longer than this, ms, is felt: hard disks need about 20. */
  syncMsMax: 100,

  /** The share of a round that its slowest sync may take: more would be felt as a late draw. */
  syncRoundShareMax: 0.25,

  /** Free space below which a server should not be started: LevelDB's own log alone takes 4 MB. */
  freeBytesMin: 16_000_000,

  /** Free space that is worth a warning: a month of 30-second rounds with their pools. */
  freeBytesLow: 500_000_000,

  /** How long a program at our port may take to greet like a lottery, ms. */
  greetingMs: 1000,

  /** Pages that watch at the same time: a lecture hall, twice. One costs about 20 KB. */
  watchersMax: 2000,

  /** Connections of the dashboard: the watchers, and others that ask for a moment. */
  dashboardConnectionsMax: 2200,

  /** At most this share of them watches: the others are for whoever asks for a page, or for the metrics. */
  dashboardWatcherShare: 0.9,

  /** One other machine or router has at most this share of them: a whole hall may sit behind it, but it must not lock out everybody else. */
  dashboardAddressShare: 0.5,

  /** The dashboard takes at most this share of the file descriptors; the lottery's connections come first. */
  dashboardDescriptorShare: 0.2,

  /** A page that has not taken so many bytes of events is dropped; it comes back by itself and resumes. */
  watcherPendingBytesMax: 65_536,

  /** Watchers written to between two turns: 1 ms at most, so that a draw never waits for the page. */
  watchersPerTurn: 100,

  /** How long a page waits before it comes back, ms. */
  watcherRetryMs: 2000,

  /** How long somebody for whom there was no place to watch waits before they ask again, ms: a place may be free by then. */
  watcherRefusedMs: 5000,

  /** Events that are kept for pages that come back: at the quickest, about a minute's. At most 10 KB each. */
  eventsKeptMax: 256,

  /** Changes within this time are told to the pages together, ms: an eye does not see them sooner. */
  pageRefreshMs: 250,

  /** How often the dashboard looks at what no event tells, such as a pause, ms. */
  statusCheckMs: 1000,

  /** How often every watcher is sent a beat, ms: often enough that a dead line is noticed within a round, and sooner than proxies cut. */
  watcherBeatMs: 5000,

  /** A page that has heard nothing for so long takes its line for dead, ms: two beats, and some for a busy server. */
  watcherSilenceMs: 12_000,

  /** How often a page looks how long it has heard nothing, ms: a second more of silence changes nothing. */
  watcherLookMs: 1000,

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

  /** Validators that have a segment each on the ticket bar; of more, only the largest do, and the rest are shown in groups. */
  segmentsMax: 60,

  /** The largest stakes of a pool that is shown in groups: as many as can still be told apart. */
  segmentsNamedMax: 30,

  /** Groups of the smaller stakes of such a pool: between the named ones they still show where on the strip the tickets are. At most 256. */
  segmentGroups: 32,

  /** Blocks that a page begins with. */
  newestBlocksMax: 8,

  /** Digits of an index in an address: with them it is exact as a number, and no chain gets so long. */
  indexDigitsMax: 15,

  /** Blocks in one answer of /api/blocks: about half a megabyte. */
  blocksPerAnswerMax: 500,

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

  /** Rounds of one simulation: at about 200,000 a second this is more than an hour; more is surely a slip. */
  simulatedRoundsMax: 1_000_000_000,

  /** Rounds of a simulation between two looks at the clock: a few milliseconds. */
  simulatedRoundsPerStep: 1000,

  /** Numbers that the way to the chance of a streak may keep: 80 MB. */
  streakHistoryMax: 10_000_000,

  /** Rows of a table or list that a person is to take in at a glance. */
  glanceRowsMax: 20,
} as const;
