import { randomBytes } from 'node:crypto';
import { Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { PeerNetworkUser } from '../../src/node/sync/peer-network.ts';
import { Libp2pNetwork } from '../../src/p2p/libp2p-network.ts';
import { describePeerNetwork } from '../node/sync/peer-network-contract.ts';

describePeerNetwork('libp2p', () => ({
  make: async () => Libp2pNetwork.open({ seed: randomBytes(32), listen: ['/ip4/127.0.0.1/tcp/0'] }),
  until: async (condition) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await vi.waitFor(() => expect(condition()).toBe(true), { timeout: 100_000, interval: 20 });
  },
}));

it('dials a name, and tells others that name', async () => {
  const listen = ['/ip4/127.0.0.1/tcp/0'];
  const [a, b] = [
    await Libp2pNetwork.open({ seed: randomBytes(32), listen }),
    await Libp2pNetwork.open({ seed: randomBytes(32), listen }),
  ];
  onTestFinished(async () => void (await Promise.all([a.stop(), b.stop()])));
  const hosts: string[] = [];
  const user: PeerNetworkUser = {
    onConnected: ({ host }) => hosts.push(host),
    onDisconnected: () => {},
    onFlood: () => {},
    answer: async function* () {},
    judge: async () => 'ignore',
  };
  await a.start(user);
  await b.start({ ...user, onConnected: () => {} });
  const [, port = ''] = /\/tcp\/(\d+)\//.exec(b.addresses[0] ?? '') ?? [];
  expect(await a.dial(`/dns4/localhost/tcp/${port}`)).toBe(b.id);
  expect(hosts).toEqual(['localhost']);
  await vi.waitFor(() => expect(a.peerAddresses).toEqual([`/dns/localhost/tcp/${port}/p2p/${b.id}`]), {
    timeout: 60_000,
  });
});

it('writes a frame to its connection in one piece, because each piece wakes the peer', async () => {
  const listen = ['/ip4/127.0.0.1/tcp/0'];
  const [a, b] = [
    await Libp2pNetwork.open({ seed: randomBytes(32), listen }),
    await Libp2pNetwork.open({ seed: randomBytes(32), listen }),
  ];
  onTestFinished(async () => void (await Promise.all([a.stop(), b.stop()])));
  const user: PeerNetworkUser = {
    onConnected: () => {},
    onDisconnected: () => {},
    onFlood: () => {},
    answer: async function* (_, request) {
      yield `answer to ${request}`;
    },
    judge: async () => 'ignore',
  };
  await a.start(user);
  await b.start(user);
  await a.join('a1'.repeat(32));
  await b.join('a1'.repeat(32));
  const peer = await a.dial(b.addresses[0] ?? '');
  const write = vi.spyOn(Socket.prototype, 'write');
  onTestFinished(() => write.mockRestore());
  for await (const frame of a.ask(peer, 'who?', new AbortController().signal)) expect(frame).toBe('answer to who?');
  // What is encrypted has two bytes of length and sixteen that prove it; a piece of it would have fewer.
  const lengths = write.mock.calls.map(([bytes]) => bytes.length);
  expect(lengths.length).toBeGreaterThan(0);
  expect(Math.min(...lengths)).toBeGreaterThan(18);
});
