/** How long the page waits for what. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A page that has heard nothing for so long takes its line for dead, ms: two beats, and some for a busy server. */
  silenceMs: 12_000,

  /** How often a page looks how long it has heard nothing, ms: a second more of silence changes nothing. */
  silenceCheckMs: 1000,
} as const;
