/** How the program ends. A number means the same for every command, and each command's help lists those that it has. */
export const exitCodes = {
  /** It did what it was asked to, and what it looked at is as it should be. */
  fine: 0,
  /**
   * It could not go on, or what it looked at is not as it should be: a chain that does not hold or is cut, a lost connection, a game that
   * was not played to its end, a finding that fails, a passphrase that is wrong, a question that was not answered.
   */
  failed: 1,
  /** Wrong words, or a wrong setting. */
  wrongUsage: 2,
  /** The port is in use. */
  portInUse: 3,
  /** There is no chain, or it cannot be read or gone on with; or a wallet cannot be read. */
  unreadable: 4,
  /** What was to be written cannot be: output, a file, a block. */
  unwritable: 5,
  /** Something that was said does not hold: by a server, or by evidence that does not convict. */
  untrue: 6,
} as const;
