import { describe, expect, it } from 'vitest';
import type { StoredBlock } from '../../../src/consensus/engine.ts';
import { TicketReceipts } from '../../../src/consensus/lottery/ticket-receipts.ts';
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

/**
 * Follows a peer that answers each request with the next of these; returns how far that leads, and for what the peer is cut.
 * @param own blocks that this node has behind the genesis
 * @param bytesMax what it holds of a branch
 */
async function follow(
  answers: readonly (readonly BlockLines[])[],
  own: readonly StoredBlock[] = [],
  bytesMax?: number,
): Promise<{ height: number; cuts: string[] }> {
  const clock = new SimulatedClock();
  const store = new MemoryStore();
  const chain = await Chain.open({ clock, verifySignature, store, listener: { onEvent: () => undefined } });
  const [genesis] = blocks;
  if (genesis === undefined || !isGenesis(genesis.block)) throw new Error('no genesis');
  await chain.found(genesis);
  expect(await chain.acceptAll(own, () => ({ receipts: new TicketReceipts([]) }))).toBeUndefined();
  const cuts: string[] = [];
  const left = [...answers];
  const following = new BranchFollowing(
    {
      ...{ clock, store, chain },
      client: {
        blocks: async function* () {
          yield* left.shift() ?? [];
        },
      },
      heavierPeers: () => [{ peer: 'other', weight: 1n }],
      cut: (_, reason) => cuts.push(reason),
      progressed: () => undefined,
    },
    bytesMax,
  );
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

describe('a branch that is larger than what is held at once', () => {
  /** The first three blocks are more than this. */
  const bytesMax = lines.slice(1, 3).reduce((sum, { block }) => sum + block.length + 2, 0);
  const rival = (spans: readonly number[]): readonly StoredBlock[] =>
    buildWorkChain(spans, 4n, 1000)
      .slice(1)
      .map((block) => ({ block, text: JSON.stringify(block), body: [] }));

  it('is refused by its name where it is not heavier by then', async () => {
    const own = rival([1500, 2000, 2500, 3000, 3500, 4000]);
    expect(await follow([lines.slice(1), []], own, bytesMax)).toEqual({ height: own.length, cuts: ['long-branch'] });
  });

  it('is taken to its end where it is heavier by then', async () => {
    expect(await follow([lines.slice(1), []], rival([1500]), bytesMax)).toEqual({ height: 4, cuts: [] });
  });
});
