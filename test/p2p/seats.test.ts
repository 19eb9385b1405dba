import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PeerError, type PeerNetworkUser } from '../../src/node/sync/peer-network.ts';
import type { SeatStream } from '../../src/node/sync/seat-network.ts';
import { relaySeat } from '../../src/node/sync/seat-relay.ts';
import { Libp2pNetwork } from '../../src/p2p/libp2p-network.ts';

const chainId = 'a1'.repeat(32);
const { signal } = new AbortController();

const user: PeerNetworkUser = {
  onConnected: () => {},
  onDisconnected: () => {},
  onFlood: () => {},
  answer: async function* () {},
  judge: async () => 'ignore',
};

describe('the way of a person by way of a peer', () => {
  let authority: Libp2pNetwork;
  let follower: Libp2pNetwork;
  let peer: string;
  const taken: { readonly stream: SeatStream; readonly host: string }[] = [];

  beforeEach(async () => {
    taken.length = 0;
    authority = await Libp2pNetwork.open({ seed: randomBytes(32), listen: ['/ip4/127.0.0.1/tcp/0'] });
    follower = await Libp2pNetwork.open({ seed: randomBytes(32), listen: [] });
    for (const network of [authority, follower]) {
      await network.start(user);
      await network.join(chainId);
    }
    peer = await follower.dial(authority.addresses[0] ?? '');
  });

  afterEach(async () => {
    await Promise.all([authority.stop(), follower.stop()]);
  });

  async function sit(): Promise<{ readonly person: SeatStream; readonly seat: SeatStream }> {
    await authority.takeSeats(chainId, (stream, host) => taken.push({ stream, host }));
    const person = await follower.openSeat(peer, signal);
    await vi.waitFor(() => expect(taken).toHaveLength(1), { timeout: 60_000 });
    const [first] = taken;
    if (first === undefined) throw new Error('nobody came');
    expect(first.host).toBe('127.0.0.1');
    return { person, seat: first.stream };
  }

  it('carries texts in both directions, also after one of them has ended', async () => {
    const { person, seat } = await sit();
    await person.write('100\n', signal);
    expect(await seat.read(signal)).toBe('100\n');
    await person.end(signal);
    expect(await seat.read(signal)).toBeUndefined();
    const all = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join('');
    await seat.write(all, signal);
    expect(await person.read(signal)).toBe(all);
    await seat.end(signal);
    expect(await person.read(signal)).toBeUndefined();
  });

  it('leads by way of another node, with the end and the loss of each side', async () => {
    const far = await Libp2pNetwork.open({ seed: randomBytes(32), listen: [] });
    const middle = await Libp2pNetwork.open({ seed: randomBytes(32), listen: ['/ip4/127.0.0.1/tcp/0'] });
    try {
      for (const network of [far, middle]) {
        await network.start(user);
        await network.join(chainId);
      }
      await authority.takeSeats(chainId, (stream, host) => taken.push({ stream, host }));
      await middle.dial(authority.addresses[0] ?? '');
      const relayed: Promise<void>[] = [];
      await middle.takeSeats(chainId, (person) => {
        relayed.push(relaySeat(person, middle.openSeat(peer, signal), signal));
      });
      const by = await far.dial(middle.addresses[0] ?? '');
      const person = await far.openSeat(by, signal);
      await vi.waitFor(() => expect(taken).toHaveLength(1), { timeout: 60_000 });
      const seat = taken[0]?.stream;
      await person.write('100\n', signal);
      expect(await seat?.read(signal)).toBe('100\n');
      await seat?.write('Goodbye.\n', signal);
      expect(await person.read(signal)).toBe('Goodbye.\n');
      await seat?.end(signal);
      expect(await person.read(signal)).toBeUndefined();
      person.abort(new Error('the person is gone'));
      await expect(seat?.read(signal)).rejects.toThrow(PeerError);
      await Promise.all(relayed);
      const lost = await far.openSeat(by, signal);
      const reading = lost.read(signal);
      await Promise.all([expect(reading).rejects.toThrow(PeerError), authority.stop()]);
      const late = await far.openSeat(by, signal);
      await expect(late.read(signal)).rejects.toThrow(PeerError);
      await Promise.all(relayed);
    } finally {
      await Promise.all([far.stop(), middle.stop()]);
    }
  });

  it('tells its end from its loss', async () => {
    const { person, seat } = await sit();
    const reading = person.read(signal);
    seat.abort(new Error('broken off'));
    await expect(reading).rejects.toThrow(PeerError);
  });

  it('is lost with the peer, however that ends', async () => {
    const { person } = await sit();
    const reading = person.read(signal);
    await Promise.all([expect(reading).rejects.toThrow(PeerError), authority.stop()]);
  });

  it('is refused by a peer that takes nobody', async () => {
    await expect(follower.openSeat(peer, signal)).rejects.toThrow(PeerError);
  });
});
