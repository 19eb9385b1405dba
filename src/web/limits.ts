/** How long the page waits for what. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A page that has heard nothing for so long takes its line for dead, ms: two beats, and some for a busy server. */
  watcherSilenceMs: 12_000,

  /** How often a page looks how long it has heard nothing, ms: a second more of silence changes nothing. */
  watcherLookMs: 1000,
} as const;
