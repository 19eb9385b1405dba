import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Libp2pNetwork } from '../../src/p2p/libp2p-network.ts';

const chainId = 'a1'.repeat(32);

/** A node that keeps the blocks it hears of. */
async function join(): Promise<{ readonly network: Libp2pNetwork; readonly heard: string[] }> {
  const network = await Libp2pNetwork.open({ seed: randomBytes(32), listen: ['/ip4/127.0.0.1/tcp/0'] });
  const heard: string[] = [];
  onTestFinished(async () => network.stop());
  await network.start({
    onConnected: () => {},
    onDisconnected: () => {},
    onFlood: () => {},
    answer: async function* () {},
    judge: async (_, text) => {
      heard.push(text);
      return 'accept';
    },
  });
  await network.join(chainId);
  return { network, heard };
}

it('delivers 20 of 20 blocks to each of 20 nodes behind one address, once', async () => {
  const nodes = await Promise.all(Array.from({ length: 20 }, join));
  const [first, ...others] = nodes;
  const [line = ''] = first?.network.addresses ?? [];
  await Promise.all(others.map(async ({ network }) => network.dial(line)));
  // A mesh is there once something has come through to everybody.
  const [, maker, ...rest] = nodes;
  let probes = 0;
  await vi.waitFor(
    async () => {
      probes += 1;
      await maker?.network.publish('blocks', `probe ${probes}`);
      for (const { heard } of rest) expect(heard.length).toBeGreaterThan(0);
    },
    { timeout: 100_000, interval: 200 },
  );
  const blocks = Array.from({ length: 20 }, (_, index) => `block ${index}`);
  for (const block of blocks) await maker?.network.publish('blocks', block);
  const blocksOf = (heard: readonly string[]): readonly string[] => heard.filter((text) => text.startsWith('block'));
  await vi.waitFor(
    () => {
      for (const { heard } of rest) expect([...blocksOf(heard)].sort()).toEqual([...blocks].sort());
    },
    { timeout: 100_000, interval: 50 },
  );
});
