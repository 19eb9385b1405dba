import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Libp2pNetwork } from '../../src/p2p/libp2p-network.ts';

const group = '224.0.0.251';
const port = 5353;

/** Whether this machine hears what it says to a group of the local network. */
async function hearsItself(): Promise<boolean> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  try {
    socket.bind(port);
    await once(socket, 'listening');
    socket.addMembership(group);
    socket.setMulticastLoopback(true);
    const heard = once(socket, 'message', { signal: AbortSignal.timeout(3000) });
    socket.send('probe', port, group);
    await heard;
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

it('finds nodes of its chain in the local network where it is asked to, and no others', async (context) => {
  context.skip(!(await hearsItself()), 'this machine has no multicast');
  const chainId = randomBytes(32).toString('hex');
  const start = async (chain: string, mdns: boolean): Promise<Libp2pNetwork> => {
    const listen = ['/ip4/127.0.0.1/tcp/0'];
    const network = await Libp2pNetwork.open({ seed: randomBytes(32), listen, mdns, chainId: chain });
    onTestFinished(async () => network.stop());
    await network.start({
      onConnected: () => {},
      onDisconnected: () => {},
      onFlood: () => {},
      answer: async function* () {},
      judge: async () => 'ignore',
    });
    return network;
  };
  const one = await start(chainId, true);
  const silent = await start(chainId, false);
  const stranger = await start(randomBytes(32).toString('hex'), true);
  const other = await start(chainId, true);
  await vi.waitFor(() => expect(other.foundAddresses).toEqual(one.addresses), { timeout: 100_000 });
  await vi.waitFor(() => expect(one.foundAddresses).toEqual(other.addresses), { timeout: 100_000 });
  expect(silent.foundAddresses).toEqual([]);
  expect(stranger.foundAddresses).toEqual([]);
});
