import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { noise } from '@libp2p/noise';
import { tcp } from '@libp2p/tcp';
import { yamux } from '@libp2p/yamux';
import { multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2p } from 'libp2p';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { limits as syncLimits } from '../../src/node/sync/limits.ts';
import { PeerError, type PeerNetworkUser } from '../../src/node/sync/peer-network.ts';
import { Libp2pNetwork } from '../../src/p2p/libp2p-network.ts';
import { limits } from '../../src/p2p/limits.ts';
import { askProtocol, lookupProtocol } from '../../src/p2p/protocols.ts';

const chainId = 'a1'.repeat(32);
const listen = ['/ip4/127.0.0.1/tcp/0'];

/** A peer with the keys and the multiplexer of an honest one, and nothing else. */
async function makeStranger(): Promise<Libp2p> {
  return createLibp2p({
    addresses: { listen: [] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  });
}

function framed(length: number, bytes: Uint8Array): Uint8Array {
  const prefix = Buffer.alloc(limits.lengthBytes);
  prefix.writeUInt32BE(length);
  return Buffer.concat([prefix, bytes]);
}

describe('a node among hostile peers', () => {
  const connected: string[] = [];
  const flooded: string[] = [];
  const disconnected: string[] = [];
  const asked: string[] = [];
  let node: Libp2pNetwork;
  let honest: Libp2pNetwork;
  let stranger: Libp2p;

  const user: PeerNetworkUser = {
    onConnected: ({ peer }) => connected.push(peer),
    onFlood: (peer) => flooded.push(peer),
    onDisconnected: (peer) => disconnected.push(peer),
    answer: async function* (_, request) {
      asked.push(request);
      for (let frame = 0; frame < (request === 'much' ? 1000 : 1); frame += 1) yield 'x'.repeat(60_000);
    },
    judge: async () => 'accept',
  };

  beforeEach(async () => {
    connected.length = 0;
    flooded.length = 0;
    disconnected.length = 0;
    asked.length = 0;
    node = await Libp2pNetwork.open({ seed: randomBytes(32), listen });
    honest = await Libp2pNetwork.open({ seed: randomBytes(32), listen: [] });
    stranger = await makeStranger();
    await node.start(user);
    await node.join(chainId);
    await honest.start({ ...user, onConnected: () => {}, onDisconnected: () => {} });
    await honest.join(chainId);
  });

  afterEach(async () => {
    await Promise.all([node.stop(), honest.stop(), stranger.stop()]);
  });

  async function expectServed(): Promise<void> {
    const peer = await honest.dial(node.addresses[0] ?? '');
    const frames: string[] = [];
    for await (const frame of honest.ask(peer, 'one', new AbortController().signal)) frames.push(frame);
    expect(frames).toEqual(['x'.repeat(60_000)]);
  }

  async function dialNode(): Promise<Awaited<ReturnType<Libp2p['dial']>>> {
    return stranger.dial(multiaddr(node.addresses[0] ?? ''));
  }

  it('closes a connection that speaks no protocol of peers, and serves the others', async () => {
    const [, , , , port] = (node.addresses[0] ?? '').split('/');
    const socket = connect(Number(port), '127.0.0.1');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => {});
    socket.write(randomBytes(10_000));
    await closed;
    await expectServed();
  });

  it('cuts a peer whose request is one byte too long, before the request has come', async () => {
    const stream = await (await dialNode()).newStream(askProtocol(chainId));
    stream.send(framed(syncLimits.requestBytesMax + 1, Buffer.from('x')));
    await vi.waitFor(() => expect(disconnected).toEqual([stranger.peerId.toString()]), { timeout: 60_000 });
    expect(asked).toEqual([]);
    await expectServed();
  });

  it('names a peer that looks for others without end, and serves the others', async () => {
    const stream = await (await dialNode()).newStream(lookupProtocol(chainId));
    // A message of 1,005 bytes: field 1, the type, is 5, a ping; field 2 is a key of 1,000 bytes. Few large ones outrun what is forgiven each second
    // on any machine.
    const ping = Buffer.concat([Buffer.from([0xed, 7, 8, 5, 0x12, 0xe8, 7]), Buffer.alloc(1000)]);
    stream.send(Buffer.alloc(limits.lookupBurstBytes * 4, ping));
    await vi.waitFor(() => expect(flooded).toContain(stranger.peerId.toString()), { timeout: 60_000 });
    await expectServed();
  });

  it('answers the longest request', async () => {
    const stream = await (await dialNode()).newStream(askProtocol(chainId));
    stream.send(framed(syncLimits.requestBytesMax, Buffer.alloc(syncLimits.requestBytesMax, 'x')));
    await vi.waitFor(() => expect(asked).toEqual(['x'.repeat(syncLimits.requestBytesMax)]), { timeout: 60_000 });
  });

  it('survives streams that are reset before, within and behind a request', async () => {
    const connection = await dialNode();
    const request = framed(4, Buffer.from('much'));
    for (const bytes of [0, 3, 6, request.length]) {
      const stream = await connection.newStream(askProtocol(chainId));
      if (bytes > 0) stream.send(request.subarray(0, bytes));
      stream.abort(new Error('reset'));
    }
    await expectServed();
    expect(disconnected).toEqual([]);
  });

  it('survives a peer that leaves in the middle of an answer', async () => {
    const connection = await dialNode();
    const stream = await connection.newStream(askProtocol(chainId));
    stream.send(framed(4, Buffer.from('much')));
    await vi.waitFor(() => expect(asked).toEqual(['much']), { timeout: 60_000 });
    connection.abort(new Error('gone'));
    await expectServed();
  });

  it('keeps no more of an answer in memory than a window and a frame while the peer does not read', async () => {
    const yielded: number[] = [];
    await node.stop();
    node = await Libp2pNetwork.open({ seed: randomBytes(32), listen });
    await node.start({
      ...user,
      answer: async function* () {
        for (let frame = 0; frame < 1000; frame += 1) {
          yielded.push(frame);
          yield 'x'.repeat(60_000);
        }
      },
    });
    await node.join(chainId);
    const peer = await honest.dial(node.addresses[0] ?? '');
    const frames = honest.ask(peer, 'much', new AbortController().signal)[Symbol.asyncIterator]();
    await frames.next();
    // Other requests pass by the one that waits.
    for await (const _ of honest.ask(peer, 'one', new AbortController().signal)) break;
    expect(yielded.length).toBeLessThan(30);
    await frames.return?.(undefined);
  });

  it('does not take the loss of a peer in the middle of an answer for its end', async () => {
    await stranger.handle(askProtocol(chainId), (stream, connection) => {
      stream.send(framed(5, Buffer.from('begun')));
      stream.addEventListener('remoteCloseWrite', () => connection.abort(new Error('gone')));
    });
    await dialNode();
    await vi.waitFor(() => expect(connected).toEqual([stranger.peerId.toString()]), { timeout: 60_000 });
    const frames: string[] = [];
    const asking = async (): Promise<void> => {
      for await (const frame of node.ask(stranger.peerId.toString(), 'one', new AbortController().signal))
        frames.push(frame);
    };
    await expect(asking()).rejects.toThrow(PeerError);
  });

  it('calls a frame that is too long a breach of the protocol', async () => {
    await stranger.handle(askProtocol(chainId), (stream) => {
      stream.send(framed(syncLimits.frameBytesMax + 1, Buffer.from('x')));
    });
    await dialNode();
    await vi.waitFor(() => expect(connected).toEqual([stranger.peerId.toString()]), { timeout: 60_000 });
    const error: unknown = await node
      .ask(stranger.peerId.toString(), 'one', new AbortController().signal)
      .next()
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PeerError);
    expect(error).toMatchObject({ isInvalid: true });
  });
});
