/** Bounds of the command `network`. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Nodes on one machine: at 110 MB each, what a laptop of 8 GB has free. */
  nodesMax: 30,

  /** From one look at the nodes to the next, ms: people see a block travel, and nothing is kept busy. */
  lookMs: 1000,

  /** How long a node may take to end in good order, ms: 2 s are promised. */
  stopMs: 4000,

  /** What is kept of what a node says, characters: its banner, and why it has ended. The rest is in its file. */
  saidCharactersMax: 8192,

  /** Where ports are looked for when nothing is said: behind those of a server that runs already. */
  firstPort: 9100,
} as const;
