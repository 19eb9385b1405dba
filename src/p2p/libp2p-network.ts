import './promise-with-resolvers.ts';
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { gossipsub, TopicValidatorResult } from '@libp2p/gossipsub';
import { identify } from '@libp2p/identify';
import type { Connection, Libp2p, PeerId, Stream } from '@libp2p/interface';
import type { KadDHTComponents } from '@libp2p/kad-dht';
import type { MulticastDNSComponents } from '@libp2p/mdns';
import { noise } from '@libp2p/noise';
import { ping } from '@libp2p/ping';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { createLibp2p } from 'libp2p';
import { messageOf } from '../base/error-message.ts';
import { limits as syncLimits } from '../node/sync/limits.ts';
import {
  PeerError,
  type PeerNetwork,
  type PeerNetworkUser,
  type Topic,
  type Verdict,
} from '../node/sync/peer-network.ts';
import type { SeatNetwork } from '../node/sync/seat-network.ts';
import { FoundPeers } from './found-peers.ts';
import { FrameStream } from './frame-stream.ts';
import { Kademlia } from './kademlia.ts';
import { limits } from './limits.ts';
import { LocalNetwork } from './local-network.ts';
import { peerFailure } from './peer-failure.ts';
import { PeerListenError } from './peer-listen-error.ts';
import { askProtocol, isAskProtocol, seatProtocol, topicName, topics } from './protocols.ts';
import { withWholeWrites } from './whole-writes.ts';

type Node = Libp2p<Awaited<ReturnType<typeof createNode>>['services']>;

export interface Libp2pOptions {
  /** 32 bytes from which the key of this node is made: its identity is the same as long as they are. */
  readonly seed: Uint8Array;
  /** Where to listen, as multiaddrs; nowhere when it is empty. */
  readonly listen: readonly string[];
  /** Whether nodes of the same local network are to be found. */
  readonly mdns?: boolean;
  /** The chain to look for before one is joined. */
  readonly chainId?: string | undefined;
}

/** A peer that is connected. */
interface ConnectedPeer {
  /** The IP address that it came from, or was dialled at. */
  readonly host: string;
  /** What it can be asked by; undefined until it has said so. */
  protocols: readonly string[] | undefined;
  /** Where it listens, as it says. */
  listens: readonly Multiaddr[];
}

const results: Readonly<Record<Verdict, TopicValidatorResult>> = {
  accept: TopicValidatorResult.Accept,
  ignore: TopicValidatorResult.Ignore,
  reject: TopicValidatorResult.Reject,
};

/** The network of peers on libp2p. The library's own limits for one address are raised, because a class shares one; who is let in is decided by the user. */
export class Libp2pNetwork implements PeerNetwork, SeatNetwork {
  readonly #node: Node;
  readonly #peers = new Map<string, ConnectedPeer>();
  /** What to call when a peer has said which protocols it speaks, or has left. */
  readonly #waiting = new Set<() => void>();
  readonly #found = new FoundPeers();
  readonly #options: Libp2pOptions;
  #user: PeerNetworkUser | undefined;
  #chainId: string | undefined;

  private constructor(node: Node, options: Libp2pOptions) {
    this.#node = node;
    this.#options = options;
  }

  static async open(options: Libp2pOptions): Promise<Libp2pNetwork> {
    return new Libp2pNetwork(await createNode(options), options);
  }

  get id(): string {
    return this.#node.peerId.toString();
  }

  get addresses(): readonly string[] {
    return this.#node.getMultiaddrs().map(String);
  }

  get peerAddresses(): readonly string[] {
    return [...this.#peers].flatMap(([peer, { host, listens }]) => {
      const address = addressAt(host, listens);
      return address === undefined ? [] : [`${address}/p2p/${peer}`];
    });
  }

  get foundAddresses(): readonly string[] {
    return this.#found.addresses((peer) => this.#peers.has(peer));
  }

  /** Rejects with a PeerListenError where a port cannot be had. */
  async start(user: PeerNetworkUser): Promise<void> {
    this.#user = user;
    const node = this.#node;
    node.addEventListener('connection:open', ({ detail }) => this.#connected(detail));
    node.addEventListener('peer:disconnect', ({ detail }) => this.#disconnected(detail.toString()));
    node.addEventListener('peer:identify', ({ detail }) => {
      this.#connected(detail.connection);
      const peer = this.#peers.get(detail.peerId.toString());
      if (peer === undefined) return;
      peer.protocols = detail.protocols;
      peer.listens = detail.listenAddrs;
      this.#wakeAll();
    });
    try {
      await node.start();
    } catch (error) {
      // The library has the system's word for it in its text alone.
      const [, code] = /\b(E[A-Z]{4,})\b/.exec(messageOf(error)) ?? [];
      throw code === undefined ? error : new PeerListenError(code);
    }
    if (this.#options.chainId !== undefined) await this.#lookNearby(this.#options.chainId);
  }

  async join(chainId: string, heard: readonly Topic[] = topics): Promise<void> {
    const { pubsub, kademlia } = this.#node.services;
    this.#chainId = chainId;
    await this.#node.handle(askProtocol(chainId), (stream, connection) => this.#serve(stream, connection), {
      maxInboundStreams: limits.streamsPerPeerMax,
      maxOutboundStreams: limits.streamsPerPeerMax,
    });
    for (const topic of heard) {
      const name = topicName(chainId, topic);
      pubsub.topicValidators.set(name, (peer, { data }) => this.#judge(topic, data, peer));
      pubsub.subscribe(name);
    }
    await kademlia.join(chainId, this.#found, (peer) => this.#user?.onFlood(peer));
    await this.#lookNearby(chainId);
  }

  async dial(address: string): Promise<string> {
    try {
      const connection = await this.#node.dial(parseAddress(address), {
        signal: AbortSignal.timeout(limits.handshakeMs),
      });
      this.#connected(connection);
      return connection.remotePeer.toString();
    } catch (error) {
      throw peerFailure(error);
    }
  }

  async *ask(peer: string, request: string, signal: AbortSignal): AsyncGenerator<string> {
    const frames = await this.#openStream(peer, signal);
    let isOver = false;
    try {
      await frames.write(request, signal);
      await frames.end(signal);
      for (;;) {
        const frame = await frames.read(signal);
        if (frame === undefined) break;
        yield frame;
      }
      isOver = true;
    } catch (error) {
      throw peerFailure(error);
    } finally {
      if (!isOver) frames.abort(new PeerError('the answer is not wanted any more', false));
    }
  }

  async publish(topic: Topic, text: string): Promise<void> {
    if (this.#chainId === undefined) throw new Error('announcements belong to a chain: join comes first');
    try {
      await this.#node.services.pubsub.publish(topicName(this.#chainId, topic), Buffer.from(text, 'utf8'));
    } catch (error) {
      throw peerFailure(error);
    }
  }

  async openSeat(peer: string, signal: AbortSignal): Promise<FrameStream> {
    if (this.#chainId === undefined) throw new PeerError('this node has no chain yet', false);
    const either = AbortSignal.any([signal, AbortSignal.timeout(limits.handshakeMs)]);
    try {
      return await this.#openStreamOf(peer, seatProtocol(this.#chainId), either);
    } catch (error) {
      throw peerFailure(error);
    }
  }

  async takeSeats(chainId: string, take: (stream: FrameStream, host: string) => void): Promise<void> {
    await this.#node.handle(
      seatProtocol(chainId),
      (stream, { remoteAddr }) => take(new FrameStream(stream, syncLimits.frameBytesMax), hostOf(remoteAddr)),
      { maxInboundStreams: limits.seatsPerPeerMax, maxOutboundStreams: limits.seatsPerPeerMax },
    );
  }

  cut(peer: string): void {
    for (const connection of this.#node.getConnections().filter(({ remotePeer }) => remotePeer.toString() === peer))
      connection.abort(new PeerError('cut', false));
  }

  async stop(): Promise<void> {
    // An orderly end would let half an answer look like a whole one.
    for (const connection of this.#node.getConnections()) connection.abort(new PeerError('this node stops', false));
    await Promise.all([this.#node.services.kademlia.stop(), this.#node.services.nearby.stop()]);
    await this.#node.stop();
  }

  async #lookNearby(chainId: string): Promise<void> {
    if (this.#options.mdns === true) await this.#node.services.nearby.join(chainId, this.#found);
  }

  #connected({ remotePeer, remoteAddr, direction }: Connection): void {
    const peer = remotePeer.toString();
    if (this.#peers.has(peer)) return;
    const host = hostOf(remoteAddr);
    this.#peers.set(peer, { host, protocols: undefined, listens: [] });
    this.#user?.onConnected({ peer, host, isInbound: direction === 'inbound' });
  }

  #disconnected(peer: string): void {
    if (!this.#peers.delete(peer)) return;
    this.#wakeAll();
    this.#node.services.kademlia.forget(peer);
    this.#user?.onDisconnected(peer);
  }

  #wakeAll(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  async #openStream(peer: string, signal: AbortSignal): Promise<FrameStream> {
    try {
      return await this.#openStreamOf(peer, await this.#protocolOf(peer, signal), signal);
    } catch (error) {
      throw peerFailure(error);
    }
  }

  async #openStreamOf(peer: string, protocol: string, signal: AbortSignal): Promise<FrameStream> {
    const [connection] = this.#node.getConnections().filter(({ remotePeer }) => remotePeer.toString() === peer);
    if (connection === undefined) throw notConnected();
    const options = { signal, maxOutboundStreams: limits.seatsPerPeerMax };
    return new FrameStream(await connection.newStream(protocol, options), syncLimits.frameBytesMax);
  }

  /** What a peer is asked by. Without a chain of its own, this node speaks that of the peer, which says it soon after it has connected. */
  async #protocolOf(peer: string, signal: AbortSignal): Promise<string> {
    if (this.#chainId !== undefined) return askProtocol(this.#chainId);
    for (;;) {
      const known = this.#peers.get(peer);
      if (known === undefined) throw notConnected();
      const protocol = known.protocols?.find(isAskProtocol);
      if (protocol !== undefined) return protocol;
      if (known.protocols !== undefined) throw new PeerError('the peer has no chain', false);
      await new Promise<void>((resolve) => {
        this.#waiting.add(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      signal.throwIfAborted();
    }
  }

  /** Answers a request. Nothing that a peer does to its stream throws from here: the library would have no use for it. */
  async #serve(stream: Stream, connection: Connection): Promise<void> {
    const peer = connection.remotePeer.toString();
    this.#connected(connection);
    const frames = new FrameStream(stream, syncLimits.requestBytesMax);
    const over = new AbortController();
    stream.addEventListener('close', () => over.abort(new PeerError('the stream is closed', false)));
    try {
      const request = await frames.read(AbortSignal.any([over.signal, AbortSignal.timeout(limits.requestMs)]));
      if (request === undefined) throw new PeerError('a stream without a request', true);
      for await (const frame of this.#user?.answer(peer, request, over.signal) ?? []) {
        await frames.write(frame, AbortSignal.any([over.signal, AbortSignal.timeout(limits.frameMs)]));
      }
      await frames.end(AbortSignal.any([over.signal, AbortSignal.timeout(limits.frameMs)]));
    } catch (error) {
      const failure = peerFailure(error);
      frames.abort(failure);
      if (failure.isInvalid) this.cut(peer);
    } finally {
      over.abort();
    }
  }

  async #judge(topic: Topic, data: Uint8Array, from: PeerId): Promise<TopicValidatorResult> {
    const verdict = await this.#user?.judge(topic, Buffer.from(data).toString('utf8'), from.toString());
    return results[verdict ?? 'ignore'];
  }
}

function notConnected(): PeerError {
  return new PeerError('the peer is not connected', false);
}

/** The IP address of a multiaddr, or the name that was dialled. */
function hostOf(address: Multiaddr): string {
  return address.getComponents().find(({ name }) => hostKinds.includes(name))?.value ?? '';
}

const hostKinds: readonly string[] = ['ip4', 'ip6', 'dns', 'dns4', 'dns6'];

/** Where a peer that was seen at this host can be dialled: at the port on which it listens, if it does. It may call its host by another address. */
function addressAt(host: string, listens: readonly Multiaddr[]): string | undefined {
  const [first] = listens.toSorted((a, b) => Number(hostOf(b) === host) - Number(hostOf(a) === host));
  const port = first?.getComponents().find(({ name }) => name === 'tcp')?.value;
  const kind = ({ 4: 'ip4', 6: 'ip6' } as const)[isIP(host)] ?? 'dns';
  return port === undefined || host === '' ? undefined : `/${kind}/${host}/tcp/${port}`;
}

function parseAddress(address: string): Multiaddr {
  try {
    return multiaddr(address);
  } catch {
    throw new PeerError('no address of a peer', false);
  }
}

async function createNode({ seed, listen }: Libp2pOptions) {
  return createLibp2p({
    privateKey: await generateKeyPairFromSeed('Ed25519', seed),
    start: false,
    nodeInfo: { name: 'sortition', version: '2', userAgent: 'sortition/2' },
    addresses: { listen: [...listen] },
    transports: [tcp()],
    connectionEncrypters: [withWholeWrites(noise())],
    streamMuxers: [
      yamux({
        maxInboundStreams: limits.seatsPerPeerMax + limits.streamsPerPeerMax * 2,
        maxOutboundStreams: limits.seatsPerPeerMax + limits.streamsPerPeerMax * 2,
        streamOptions: { maxStreamWindowSize: limits.streamWindowBytes },
      }),
    ],
    // The default refuses to dial the loopback and private networks from a browser; here every address that people name is dialled.
    connectionGater: { denyDialMultiaddr: () => false },
    connectionManager: {
      maxConnections: limits.connectionsMax,
      inboundConnectionThreshold: limits.inboundConnectionsPerSecondMax,
      maxIncomingPendingConnections: limits.inboundHandshakesMax,
      inboundUpgradeTimeout: limits.handshakeMs,
      dialTimeout: limits.handshakeMs,
    },
    services: {
      identify: identify(),
      ping: ping(),
      kademlia: (components: KadDHTComponents) => new Kademlia(components),
      nearby: (components: MulticastDNSComponents) => new LocalNetwork(components),
      pubsub: gossipsub({
        // What is announced carries its own proofs. The same text is the same announcement, from whichever peer.
        globalSignaturePolicy: 'StrictNoSign',
        msgIdFn: ({ topic, data }) => createHash('sha256').update(`${topic} `).update(data).digest(),
        allowPublishToZeroTopicPeers: true,
        ignoreDuplicatePublishError: true,
        seenTTL: syncLimits.announcementMemoryMs,
        maxInboundDataLength: syncLimits.announcementBytesMax * 2,
        maxOutboundBufferSize: limits.gossipBufferBytesMax,
        idontwantMinDataSize: limits.duplicateBytesMin,
        // The default gives up more than ten peers of one address, which is a class.
        scoreParams: { IPColocationFactorWeight: 0 },
      }),
    },
  });
}
