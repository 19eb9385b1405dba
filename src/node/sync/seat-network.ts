/**
 * The way of one person from the node where they sit to the authority of the chain: texts in both directions, each at most `limits.frameBytesMax`
 * bytes. Every method rejects with a PeerError where it is broken off, or its signal comes.
 */
export interface SeatStream {
  /** The next text; undefined when the other side has said that no more come. */
  read(signal: AbortSignal): Promise<string | undefined>;
  /** Resolves when the other side has room for more. */
  write(text: string, signal: AbortSignal): Promise<void>;
  /** Says that no more texts come. */
  end(signal: AbortSignal): Promise<void>;
  /** Breaks it off. */
  abort(reason: Error): void;
}

/** What carries people to the authority. */
export interface SeatNetwork {
  /** Opens the way of a person to a peer. Rejects with a PeerError where the peer takes no people. */
  openSeat(peer: string, signal: AbortSignal): Promise<SeatStream>;
  /** From here on people are taken who come by way of peers of a chain; `host` is the IP address of the peer. To be called once. */
  takeSeats(chainId: string, take: (stream: SeatStream, host: string) => void): Promise<void>;
}
