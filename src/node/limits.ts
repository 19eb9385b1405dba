/** What one node bounds: its people, their sessions, its disk. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** SPEC 1: the wrong balance after which a connection is closed. */
  balanceAttemptsMax: 3,

  /** Transactions of blocks that share a write: as many as one block may have, which the database takes in some milliseconds. */
  transactionsPerWriteMax: 1000,

  /** Characters of the name that a validator may have: the longest that stands beside an address on a phone. */
  nameCharactersMax: 20,

  /**
   * Wrong codes that are looked at in one minute from one network address; other addresses are not slowed. A class behind one address
   * mistypes less. From 65,536 addresses at this pace, a /48 of IPv6, 20,000 sessions with 60-bit codes are safe for a decade.
   */
  wrongCodesPerMinuteMax: 100,

  /** That minute, ms. */
  wrongCodesSpanMs: 60_000,

  /** Network addresses whose wrong codes are counted one by one, about 0.1 KB each. Further addresses are counted together. */
  wrongCodeNetworksMax: 20_000,

  /** Sessions without a connection, about 0.5 KB each: people who come and go must not fill the memory with them. */
  detachedSessionsMax: 20_000,

  /** REJOIN_GRACE_MS where it is auto and the server is public: time to find another Wi-Fi. */
  rejoinGraceMs: 120_000,

  /** SPEC 6: transactions that wait for a block, about 2 KB each: five full blocks of them. */
  mempoolSizeMax: 5000,

  /** SPEC 6: transactions of one account that wait, so that no account fills the pool, and checking them one behind the other is quick. */
  mempoolPerAccountMax: 64,

  /**
   * Numbers of wallets that are marked as taken on the disk before they are given out where everybody who connects gets one at once: more than can
   * connect during a write. A number costs nothing.
   */
  walletNumbersAhead: 100_000,

  /** Blocks that a transaction waits for which the server signs for a person: with rounds of 30 s, 50 minutes. */
  untilAhead: 100,

  /** The Unbonding of a new ledger, blocks: with rounds of 30 s a misdeed can be reported for five minutes after its validator has unbonded. */
  unbondingBlocks: 10,

  /** Tokens of the faucet of a new ledger: a full queue of grants of 1000 in every round, for centuries. */
  faucetTokens: 1_000_000_000_000_000n,

  /** Signatures that are remembered as valid, about 0.6 KB each: a full mempool, and the candidates of a large round. */
  verifiedMax: 20_000,

  /** Transactions that are tried for one block: twice as many as it takes, for some depend on others that are not in it. */
  frozenMax: 2000,

  /** Transactions that are in no block, of which the node still knows why, about 0.2 KB each: four times as many as can wait. */
  departedMax: 20_000,

  /** Steps of the chain that can be taken back from memory, about 10 KB each: most forks are a few blocks long. */
  historyMax: 100,

  /**
   * From one checkpoint to the next: so many blocks are verified at a start at most, which takes a fraction of a second. Where draws wait for beacons each block
   * takes some 25 ms.
   */
  blocksPerCheckpoint: 1000,
  blocksPerBeaconCheckpoint: 40,

  /** The newest blocks that are told at a start, so that people see how it went on: more than any page shows, and read in 50 ms. */
  loadedBlocksMax: 1000,

  /** Snapshots of a sandbox that are kept, each with what waited, some MB at most. */
  snapshotsMax: 100,

  /** A timestamp has four digits for its year (SPEC 4), and the clock of a sandbox that is set to this one goes on for a year. */
  sandboxTimeMax: '9998-12-31T23:59:59.999Z',

  /** Connections that the system keeps for us while the event loop is busy; it cuts this to its own maximum, often 4096. */
  backlog: 4096,

  /** A dead peer (power cut, lost Wi-Fi) is probed for after this silence, ms, and then gives its place back. */
  keepAliveMs: 60_000,

  /** While the disk is full, a drawn block is tried again after so long, ms: soon enough for people, and no burden. */
  diskRetryMs: 1000,

  /** When the server stops, people have so long to read its last words, ms: a round trip to the far side of the world. */
  goodbyeMs: 300,
} as const;
