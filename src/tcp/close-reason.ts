/** Every way in which a connection ends. */
export const closeReasons = [
  /** Hung up, or closed its side and then heard the result of its round. */
  'left',
  /** Typed `quit` or `exit`. */
  'quit',
  /** The network or the peer broke it off. */
  'reset',
  'no-balance',
  'slashed',
  'line-too-long',
  /** Too many bytes waited for it. */
  'slow-reader',
  /** Had no balance when the server was full and another connection came. */
  'made-room',
  /** A browser, a TLS or an SSH client: it was told where the lottery is played. */
  'http',
  'tls',
  'ssh',
  /** Another connection resumed its session. */
  'taken-over',
  /** The operator sent this validator away. */
  'kicked',
  /** The server was stopped. */
  'stopped',
  /** We failed while serving it. */
  'fault',
] as const;

export type CloseReason = (typeof closeReasons)[number];
