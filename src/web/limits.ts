/** Timeouts of the page. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A page that has received nothing for this time takes its connection for dead, ms: two heartbeats, and some margin for a busy server. */
  silenceMs: 12_000,

  /** How often a page checks for silence, ms: noticing it a second later does no harm. */
  silenceCheckMs: 1000,
} as const;
