/** Bounds of what is read of a chain in a file. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** One line of an export that carries a pool: 100,000 candidates of at most 200 bytes each, and the block. */
  entryBytesMax: 20_971_520,

  /** A line of an export has five levels (Block, Draw, Path and one of its steps), a ledger has six: more would only cost the reader memory. */
  entryDepthMax: 8,

  /** The longest string of a chain is a key of a beacon, 192 digits. */
  entryStringMax: 256,
} as const;
