/** Why a node cannot listen for peers, in the system's words (`EADDRINUSE`, …). */
export class PeerListenError extends Error {
  override readonly name = 'PeerListenError';
  readonly code: string;

  constructor(code: string) {
    super(`cannot listen for peers: ${code}`);
    this.code = code;
  }
}
