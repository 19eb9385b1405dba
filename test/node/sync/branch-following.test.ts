import { expect, it } from 'vitest';
import { isGenesis } from '../../../src/core/block.ts';
import { Chain } from '../../../src/node/chain.ts';
import { BranchFollowing } from '../../../src/node/sync/branch-following.ts';
import type { BlockLines } from '../../../src/node/sync/stored-lines.ts';
import { MemoryStore } from '../../../src/storage/memory-store.ts';
import { verifySignature } from '../../core/build-chain.ts';
import { buildWorkChain } from '../../core/build-kinds.ts';
import { SimulatedClock } from '../../sim/simulated-clock.ts';

const blocks = buildWorkChain([1000, 2000, 3000, 4000], 4n, 1000).map((block) => ({
  block,
  text: JSON.stringify(block),
  body: [],
}));
const lines: readonly BlockLines[] = blocks.map(({ text }) => ({ block: text, beside: '{}' }));

/** Follows a peer that answers each request with the next of these; returns how far that leads, and for what the peer is cut. */
async function follow(answers: readonly (readonly BlockLines[])[]): Promise<{ height: number; cuts: string[] }> {
  const clock = new SimulatedClock();
  const store = new MemoryStore();
  const chain = await Chain.open({ clock, verifySignature, store, listener: { onEvent: () => undefined } });
  const [genesis] = blocks;
  if (genesis === undefined || !isGenesis(genesis.block)) throw new Error('no genesis');
  await chain.found(genesis);
  const cuts: string[] = [];
  const left = [...answers];
  const following = new BranchFollowing({
    ...{ clock, store, chain },
    client: {
      blocks: async function* () {
        yield* left.shift() ?? [];
      },
    },
    heavierPeers: () => [{ peer: 'other', weight: 1n }],
    cut: (_, reason) => cuts.push(reason),
    progressed: () => undefined,
  });
  await following.catchUp(new AbortController().signal);
  return { height: chain.height, cuts };
}

it('keeps what a peer gave whose own chain has become another one between two requests', async () => {
  // The peer does not know the block any more behind which it is asked, and so begins at its genesis.
  expect(await follow([lines.slice(1, 3), lines])).toEqual({ height: 2, cuts: [] });
});

it('keeps what a peer gave whose own chain has become another one in the middle of an answer', async () => {
  const others = buildWorkChain([1000, 2500, 3000, 4000], 4n, 1000).map((block) => JSON.stringify(block));
  const mixed = [...lines.slice(1, 3), { block: others[3] ?? '', beside: '{}' }];
  expect(await follow([mixed])).toEqual({ height: 2, cuts: [] });
});

it('cuts a peer that gives a block in the wrong place', async () => {
  expect(await follow([[...lines.slice(1, 2), ...lines.slice(3, 4)]])).toEqual({ height: 0, cuts: ['bad-block'] });
});

it('cuts a peer that begins at the genesis when it is asked first', async () => {
  expect(await follow([lines])).toEqual({ height: 0, cuts: ['bad-block'] });
});
