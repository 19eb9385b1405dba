/** Bounds of the command `export`. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Text of an export that is worth a write of its own. */
  exportPieceBytes: 65_536,
} as const;
