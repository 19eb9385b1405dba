/** Bounds that every node must agree on: they are part of the rules of a ledger (SPEC 6). Each has the reason for its size beside it. */
export const limits = {
  /** A block is checked within a fraction of a second: a thousand signatures take about 0.1 s. */
  transactionsPerBlockMax: 1000,

  /** Bytes of a block's transactions as one JSON array: a thousand transfers fit, and a block can be sent and stored as one piece. */
  transactionBytesPerBlockMax: 524_288,

  /** How many blocks ahead Until may lie: a transaction that waits for longer is better signed anew, and none is kept for ever. */
  untilAheadMax: 1000,

  /** SPEC 4: a tainted BPM as it stands in a chain, in characters: as much of a person's input as is ever shown. */
  taintedCharactersMax: 64,
} as const;
