/** No room, no room for this user, no room in a single file: people can mend that, and nothing is damaged by it. */
export function isDiskFull(error: unknown): boolean {
  return /no space left on device|disk quota exceeded|file too large/i.test(reason(error));
}

/** What the system says; LevelDB's own words are in the cause of what its wrapper throws. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
