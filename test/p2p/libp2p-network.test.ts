import { randomBytes } from 'node:crypto';
import { expect, vi } from 'vitest';
import { Libp2pNetwork } from '../../src/p2p/libp2p-network.ts';
import { describePeerNetwork } from '../node/sync/peer-network-contract.ts';

describePeerNetwork('libp2p', () => ({
  make: async () => Libp2pNetwork.open({ seed: randomBytes(32), listen: ['/ip4/127.0.0.1/tcp/0'] }),
  until: async (condition) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await vi.waitFor(() => expect(condition()).toBe(true), { timeout: 100_000, interval: 20 });
  },
}));
