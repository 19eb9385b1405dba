/** What is announced to all peers of a chain: each topic has its own subscribers. */
export type Topic = 'blocks' | 'transactions' | 'candidates';

/** What becomes of an announcement: it is passed on; it is dropped; it is dropped and counts against the peer that sent it. */
export type Verdict = 'accept' | 'ignore' | 'reject';

/** A connection to a peer. There is one for each peer, whichever side dialled. */
export interface PeerConnection {
  /** The peer's identity, which its key proves: printable ASCII. */
  readonly peer: string;
  /** The host that it came from, or was dialled at: an IP address, or the name that was dialled. */
  readonly host: string;
  /** True where the peer dialled. */
  readonly isInbound: boolean;
}

/** Who uses a network of peers: it hears of connections, answers requests, and judges announcements. Must not throw in its first three methods. */
export interface PeerNetworkUser {
  onConnected(connection: PeerConnection): void;
  onDisconnected(peer: string): void;
  /** A peer asks for more than it may, of what the network answers itself. */
  onFlood(peer: string): void;
  /**
   * The frames that answer a request. Each has at most `limits.frameBytesMax` bytes. A PeerError that is invalid ends the connection; any other
   * error ends the answer, and the peer sees that.
   */
  answer(peer: string, request: string, signal: AbortSignal): AsyncIterable<string>;
  /** Judges an announcement before it is passed on. `peer` is the one that passed it here. */
  judge(topic: Topic, text: string, peer: string): Promise<Verdict>;
}

/**
 * A network of peers: connections, requests and announcements. What is said is the business of its user; how it travels is that of the network,
 * which bounds every text as `limits` says and never keeps more than one unread frame of a peer.
 */
export interface PeerNetwork {
  /** The own identity, as peers see it. */
  readonly id: string;
  /** Where peers can dial this node, as `dial` takes it. */
  readonly addresses: readonly string[];
  /** Where others can dial the peers that are connected, as these say; one address each. */
  readonly peerAddresses: readonly string[];
  /** Where nodes of the chain can be dialled that the network has found and that are not connected, the latest first. None of it is proved. */
  readonly foundAddresses: readonly string[];
  /** Begins to listen. The user hears of nothing before, and of everything from here on. */
  start(user: PeerNetworkUser): Promise<void>;
  /**
   * From here on the node belongs to the chain with this ChainId: it hears and makes the announcements of this chain, and finds its nodes. Before, it
   * can dial peers and ask them, whatever their chain is.
   * @param heard what of the announcements it hears; all where it is left out
   */
  join(chainId: string, heard?: readonly Topic[]): Promise<void>;
  /** Connects to a peer and resolves with its identity; rejects with a PeerError. The user hears of the connection first. */
  dial(address: string): Promise<string>;
  /**
   * Sends a request and gives the frames of the answer as they come; the next frame is not read before the one before was taken. Throws a
   * PeerError. Ending the iteration, or the signal, ends the request.
   */
  ask(peer: string, request: string, signal: AbortSignal): AsyncIterable<string>;
  /** Announces a text to all peers of the chain. Resolves when it is on its way, also when there is no peer. */
  publish(topic: Topic, text: string): Promise<void>;
  /** Ends the connection to a peer at once. Nothing happens where there is none. */
  cut(peer: string): void;
  /** Ends all connections and stops listening. */
  stop(): Promise<void>;
}

/** A peer did not do what was asked for: it left, was silent, or broke the protocol. */
export class PeerError extends Error {
  override readonly name = 'PeerError';
  /** True where the peer broke the protocol, which no honest peer does. False where it may be better another time. */
  readonly isInvalid: boolean;

  constructor(message: string, isInvalid: boolean) {
    super(message);
    this.isInvalid = isInvalid;
  }
}
