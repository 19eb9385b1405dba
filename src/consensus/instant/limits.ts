/** What one instant chain bounds. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /**
   * Blocks that share one synced write. The database takes a batch in one turn of the event loop, some 5 µs for a block and what lies beside it:
   * so many are a millisecond or two, and 25 syncs are enough for 6,000 blocks.
   */
  groupBlocksMax: 250,

  /** The same in a chain with a ledger, where a block is made, judged and stored in some 0.4 ms: the first waits 20 ms for the others. */
  ledgerGroupBlocksMax: 50,

  /**
   * Blocks whose signatures are asked for together, while those behind them are drafted: half a millisecond of signing, beside which handing them to
   * a thread costs little, and enough portions of a group for several threads.
   */
  blocksPerPortion: 25,
} as const;
