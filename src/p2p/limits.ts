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

  /** How often a node looks for those near it, ms: a newcomer is found by nodes that it does not dial within a minute. */
  lookupIntervalMs: 60_000,

  /** What a peer may ask for while it looks for others, bytes a second: thirty questions of 70 bytes. */
  lookupBytesPerSecondMax: 2048,

  /** The same at once, bytes: a thousand questions, of which an honest node has a few dozen when it starts. */
  lookupBurstBytes: 65_536,

  /** Nodes that were heard of and are not connected, about 0.3 KB each: more than the connections that a node begins itself. */
  foundPeersMax: 64,

  /** How fast others may come in their place, a second: a peer that tells of nodes that do not exist fills 5 MB until they are forgotten, after six hours. */
  foundPeersPerSecondMax: 0.2,

  /** Addresses of one of them: a cable, a wireless one, and both protocols. */
  addressesPerPeerMax: 4,

  /** The bytes before a frame that tell its length. */
  lengthBytes: 4,

  /** Bytes that wait on one stream for a peer that does not read: one frame is written at a time. */
  streamWriteBytesMax: 1_048_576,

  /** From this length on, bytes, a node tells its peers that it has an announcement, so that they need not send it: below, the word costs as much as the copy. */
  duplicateBytesMin: 65_536,

  /** An announcement on its way to a peer that does not read, bytes: ten of the largest. What is more is lost, and fetched later. */
  gossipBufferBytesMax: 10_485_760,
} as const;
