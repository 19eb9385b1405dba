/** What is asked of the operating system. Each has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Public keys that are kept ready to verify with, about 1 KB each: a chain of a lottery has one. */
  keysKeptMax: 64,

  /** A turn of a long computation, such as a large draw, ms: so long everybody else waits, and nobody feels it. */
  turnMs: 1,

  /**
   * File descriptors that are not for people: refusals (16) and those who make room (16), the database (5 at 250 MB, a few more while it
   * compacts), Node with its listeners (30), and some for whoever watches.
   */
  fileDescriptorReserve: 80,

  /** The largest TCP port, 2^16 - 1 (RFC 9293). */
  portMax: 65_535,

  /** Ports above one that is in use among which a free one is looked for: whoever finds so many taken is better asked. */
  portTriesMax: 20,

  /** Connections of the dashboard: the watchers, and others that ask for a moment. */
  dashboardConnectionsMax: 2200,

  /** The dashboard takes at most this share of the file descriptors; the lottery's connections come first. */
  dashboardDescriptorShare: 0.2,
} as const;
