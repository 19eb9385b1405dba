import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Libp2pNetwork } from '../../src/p2p/libp2p-network.ts';

const chainId = 'a1'.repeat(32);

/** A node with those whom it is connected with. */
interface KnowingNode {
  readonly network: Libp2pNetwork;
  readonly connected: Set<string>;
  readonly flooded: string[];
}

async function join(chain: string): Promise<KnowingNode> {
  const network = await Libp2pNetwork.open({ seed: randomBytes(32), listen: ['/ip4/127.0.0.1/tcp/0'] });
  const connected = new Set<string>();
  const flooded: string[] = [];
  onTestFinished(async () => network.stop());
  await network.start({
    onConnected: ({ peer }) => connected.add(peer),
    onDisconnected: (peer) => connected.delete(peer),
    onFlood: (peer) => flooded.push(peer),
    answer: async function* () {},
    judge: async () => 'ignore',
  });
  await network.join(chain);
  return { network, connected, flooded };
}

/** Whom a node is connected with or could dial. */
function knownTo({ network, connected }: KnowingNode): readonly string[] {
  const found = network.foundAddresses.map((address) => address.slice(address.lastIndexOf('/') + 1));
  return [...new Set([...connected, ...found])].sort();
}

it('finds all nodes of a chain where each knows but its neighbour, and none of another chain', async () => {
  const nodes = await Promise.all(Array.from({ length: 5 }, async () => join(chainId)));
  const stranger = await join('b2'.repeat(32));
  for (const [place, { network }] of [stranger, ...nodes].entries()) {
    const neighbour = nodes[place];
    if (neighbour !== undefined) await network.dial(neighbour.network.addresses[0] ?? '');
  }
  const ids = nodes.map(({ network }) => network.id);
  await vi.waitFor(
    () => {
      for (const node of nodes) {
        const others = ids.filter((id) => id !== node.network.id);
        expect(knownTo(node).filter((id) => id !== stranger.network.id)).toEqual([...others].sort());
      }
    },
    { timeout: 100_000, interval: 50 },
  );
  // It is connected with its neighbour, which speaks another language, and so it stays alone.
  expect(knownTo(stranger)).toEqual([ids[0]]);
  for (const { flooded } of nodes) expect(flooded).toEqual([]);
});
