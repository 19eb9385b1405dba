/** What a door bounds in its dealings with the log. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A door that is silent for so long is gone, and another one leads, s: longer than a pause of a busy machine, short beside a round. */
  leaseSeconds: 5,

  /** Between two tries after an answer that is unknown, ms: etcd needs seconds for an election of its own. */
  retryMs: 250,

  /** How long an answer of etcd is waited for, ms: after that it is unknown. */
  answerMs: 4000,

  /** Entries that are read at once: some 10 MB of batches. */
  pageLength: 200,
} as const;
