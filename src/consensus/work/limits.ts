/** Bounds of chains of work: the retarget, which every node must agree on (SPEC 7), and what one node searches for. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Blocks that a difficulty looks back on: enough to smooth luck, few enough to follow miners who come and go within minutes. */
  retargetBlocksMax: 16,

  /** How many times larger or smaller than the one before a difficulty may be: one false timestamp must not decide how hard the next block is. */
  retargetStepMax: 4n,

  /**
   * A search goes on with a new Timestamp after this time, ms. The next difficulties come from the Timestamps: a second is a tenth of the usual
   * interval, and a new one costs no more than a stop of the threads, about one in a thousand of that second.
   */
  timestampAgeMaxMs: 1000,

  /**
   * The last contents of a block that nonces are taken for which were found outside, about 0.5 KB each: half a minute, so that such a miner asks for
   * new work now and then and not each second. An older one would tell the retarget of a time long gone.
   */
  contentsKeptMax: 30,

  /** SPEC 7: a block from more than this in the future of a node is not taken by it, ms. */
  futureMaxMs: 120_000,

  /** Candidates that wait for their blocks, about 0.3 KB each: at the usual interval they are work for a whole day. */
  backlogMax: 10_000,

  /** Of these from one validator: more than a person types while the first is searched for, and no way to keep the others from their turn. */
  backlogPerValidatorMax: 16,

  /** Candidates whose blocks may fall out of the chain again, about 0.4 KB each: more blocks than a fork has that heals by itself. */
  storedCandidatesMax: 1000,

  /** Where nothing is searched for, the node looks this often whether the chain is still in its place, ms: as a lottery does each round. */
  placeCheckMs: 30_000,
} as const;
