/** Timeouts of the page. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** A page that has received nothing for this time takes its connection for dead, ms: two heartbeats, and some margin for a busy server. */
  silenceMs: 12_000,

  /** How often a page checks for silence, ms: noticing it a second later does no harm. */
  silenceCheckMs: 1000,

  /** A seat of a tab that has heard nothing for this time asks for the prompt, ms: proxies end what is silent for a minute. */
  playSilenceMs: 20_000,

  /** How long the answer to that, or a new connection, may take, ms: a bad Wi-Fi takes less. */
  playAnswerMs: 4000,

  /** The first pause before a tab connects again, ms; each further one is twice as long, up to the longest. A crowd spreads over as long again. */
  playRetryMs: 500,
  playRetryMaxMs: 15_000,

  /** How often a tab looks whether something is due for its seat, ms: less than a person notices. */
  playTickMs: 250,
} as const;
