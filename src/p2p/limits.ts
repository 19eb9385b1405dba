/** What one node keeps for its peers. Each bound has its unit in its name and the reason for its size beside it. */
export const limits = {
  /** Connections to peers: a class of 30 machines four times over, at 100 KB each. */
  connectionsMax: 128,

  /** Connections from one address, a second. The default of the library is 5, which leaves a class behind one address unconnected. */
  inboundConnectionsPerSecondMax: 100,

  /** Connections that have not proved their identity yet: as many as may come in the second above. */
  inboundHandshakesMax: 100,

  /** To connect and to prove both identities, ms: many times what a slow line needs. */
  handshakeMs: 10_000,

  /** A request must be there so soon after its stream, ms. */
  requestMs: 10_000,

  /** A peer must take a frame within this time, ms: 64 KiB at 20 kbit/s. A slower one holds up nothing but its own stream. */
  frameMs: 30_000,

  /** Open requests of one peer: a download from many places at once, a heartbeat, and what gossip makes known. */
  streamsPerPeerMax: 32,

  /** People who take part by way of one peer: a school. */
  seatsPerPeerMax: 1000,

  /** What a peer may send on one stream before it is read, bytes: the smallest window that the multiplexer allows. */
  streamWindowBytes: 262_144,

  /** The bytes before a frame that tell its length. */
  lengthBytes: 4,

  /** Bytes that wait on one stream for a peer that does not read: one frame is written at a time. */
  streamWriteBytesMax: 1_048_576,

  /** From this length on, bytes, a node tells its peers that it has an announcement, so that they need not send it: below, the word costs as much as the copy. */
  duplicateBytesMin: 65_536,

  /** An announcement on its way to a peer that does not read, bytes: ten of the largest. What is more is lost, and fetched later. */
  gossipBufferBytesMax: 10_485_760,
} as const;
