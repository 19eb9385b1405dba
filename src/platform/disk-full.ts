/** True when the disk, the user's quota or the file size limit is exhausted. An operator can fix that, and nothing is damaged by it. */
export function isDiskFull(error: unknown): boolean {
  return /no space left on device|disk quota exceeded|file too large/i.test(reason(error));
}

/** The message of the system's error. LevelDB's own message is in the cause of the error that its wrapper throws. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
