/** What every engine bounds. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Candidates between the sockets and the engine. The reader empties the queue every turn; the bound is for a turn that takes too long. */
  queueLengthMax: 16_384,

  /** Changes in one batch of a log. Each may be a key of its own there, and etcd takes 128 in one transaction. */
  batchLengthMax: 100,
} as const;
