import { describe, expect, it } from 'vitest';
import type { StoredBlock } from '../../src/consensus/engine.ts';
import { findFault } from '../../src/consensus/verifier.ts';
import { isMined } from '../../src/core/block.ts';
import { signTransaction } from '../../src/ledger/transaction.ts';
import type { CutReason } from '../../src/node/sync/cut-reason.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
import { hexOf } from '../core/build-chain.ts';
import { cases } from '../effort.ts';
import { BranchMiner } from '../node/branch-miner.ts';
import { Dice } from './dice.ts';
import { HostilePeer, type Hostility } from './hostile-peer.ts';
import { faucetSecret, NetworkNode, verifyOnce } from './network-node.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { type NetworkFaults, SimulatedNetworks } from './simulated-network.ts';

interface Nodes {
  readonly world: SimulatedNetworks;
  readonly dice: Dice;
  readonly nodes: readonly NetworkNode[];
}

const faucet = new ServerWallets(faucetSecret).signer(0);

async function openNodes(seed: number, count: number, faults: NetworkFaults, hasLedger = false): Promise<Nodes> {
  const dice = new Dice(seed);
  const world = new SimulatedNetworks(new SimulatedClock(), dice, faults);
  const [genesis] = BranchMiner.begin(
    500n,
    hasLedger ? { Reward: '50', MinFee: '0', Unbonding: 10, Accounts: [[faucet.key, '1000000', '0']] } : undefined,
  ).blocks;
  if (genesis === undefined) throw new Error('no genesis');
  const ids = Array.from({ length: count }, (_, place) => `n${place}`);
  const nodes: NetworkNode[] = [];
  for (const [place, id] of ids.entries()) nodes.push(openNode(world, genesis, ids, place, id, seed));
  for (const node of nodes) node.start();
  await world.clock.pass(2000);
  return { world, dice, nodes };
}

function openNode(
  world: SimulatedNetworks,
  genesis: StoredBlock,
  ids: readonly string[],
  place: number,
  id: string,
  seed: number,
): NetworkNode {
  // A ring, and a chord: no partition of the test falls apart by itself.
  const peers = [ids[(place + 1) % ids.length] ?? '', ids[(place + 2) % ids.length] ?? ''].filter(
    (peer) => peer !== id,
  );
  return new NetworkNode({ world, id, seed: seed * 1000 + place, peers, genesis, noncesPerMs: 1 });
}

/** Of branches that weigh the same each node keeps the one that it knew first, until one more block decides. */
async function decide(world: SimulatedNetworks, nodes: readonly NetworkNode[]): Promise<void> {
  for (let more = 0; more < 5 && new Set(nodes.map(({ tipHash }) => tipHash)).size > 1; more++) {
    nodes[0]?.node.service.sealNow();
    await world.clock.pass(60_000);
  }
}

/** All nodes have the same chain, which holds. Returns the blocks behind its genesis. */
async function agreedChain(nodes: readonly NetworkNode[]): Promise<readonly { validator: string; bpm: number }[]> {
  const [first] = nodes;
  if (first === undefined) throw new Error('no node');
  const texts = await first.store.blockRange(0, 1e6);
  for (const node of nodes) {
    expect(node.failures).toEqual([]);
    expect(node.tipHash).toBe(first.tipHash);
    expect(await node.store.blockRange(0, 1e6)).toEqual(texts);
    expect(node.node.chain.state?.root).toEqual(first.node.chain.state?.root);
  }
  const blocks = texts.map((text): unknown => JSON.parse(text));
  expect(findFault(blocks, verifyOnce)).toBeUndefined();
  return texts.slice(1).map((text) => {
    const { Validator, BPM } = JSON.parse(text);
    return { validator: Validator, bpm: BPM };
  });
}

describe('two nodes that mine', () => {
  const quiet = { latencyMaxMs: 10, lossOnceIn: 0 };

  it('take the blocks of each other, and every candidate has its block', async () => {
    const { world, nodes } = await openNodes(1, 2, quiet);
    const owners = nodes.map((node, place) => node.propose(60 + place));
    await world.clock.pass(30_000);
    const chain = await agreedChain(nodes);
    expect(chain.map(({ validator }) => validator).sort()).toEqual([...owners].sort());
    expect(nodes[0]?.sync.table.peers()).toMatchObject([{ hello: { Roles: ['full', 'miner'] } }]);
  });

  it('that were parted take the heavier branch when they meet again, and what fell out is mined again', async () => {
    const { world, nodes } = await openNodes(2, 2, quiet);
    const [a, b] = nodes;
    if (a === undefined || b === undefined) throw new Error('no node');
    world.part(['n0'], ['n1']);
    const long = [1, 2, 3].map((bpm) => a.propose(bpm));
    const short = [b.propose(9)];
    await world.clock.pass(30_000);
    expect([a.node.chain.height, b.node.chain.height]).toEqual([3, 1]);
    world.heal();
    await world.clock.pass(60_000);
    const chain = await agreedChain(nodes);
    expect(chain.map(({ validator }) => validator)).toEqual([...long, ...short]);
    const [fork] = b.events.flatMap((event) => (event.kind === 'reorganised' ? [event] : []));
    expect(fork).toMatchObject({ fork: 0, added: 3, removed: [{ block: { BPM: 9 } }] });
    expect(b.events.filter((event) => event.kind === 'committed' && isMined(event.block))).toHaveLength(5);
  });

  it('do not take a block that is far in the future, but do once it is not', async () => {
    const { world, nodes } = await openNodes(3, 2, quiet);
    const [a, b] = nodes;
    if (a === undefined || b === undefined) throw new Error('no node');
    const ahead = BranchMiner.begin(500n).mine({ spanMs: 125_000 });
    const [, stored] = ahead.blocks;
    if (stored === undefined) throw new Error('no block');
    await a.node.chain.accept(stored, () => ({ receipts: { size: 0, of: () => undefined } }));
    await world.clock.pass(1000);
    expect(b.node.chain.height).toBe(0);
    expect(b.sync.table.size).toBe(1);
    await world.clock.pass(20_000);
    expect(b.tipHash).toBe(stored.block.Hash);
    expect([...b.sync.table.cutCounts]).toEqual([]);
  });
});

describe('peers that do harm to nodes that mine', () => {
  const reasons: readonly (readonly [Hostility, CutReason | undefined])[] = [
    ['forges', 'bad-block'],
    ['babbles', 'bad-block'],
    ['stalls', 'stalled'],
    ['boasts', 'short-answer'],
    ['leaves', undefined],
    ['floods', 'bad-answer'],
    ['announces', 'bad-announcement'],
    ['repeats', 'flood'],
  ];

  it.each(reasons)(
    'do not keep them from their chain: one that %s is survived, and counted as %s',
    async (hostility, reason) => {
      const { world, nodes } = await openNodes(4, 3, { latencyMaxMs: 20, lossOnceIn: 0 });
      const [first] = nodes;
      if (first === undefined) throw new Error('no node');
      first.propose(1);
      await world.clock.pass(20_000);
      const texts = await first.store.blockRange(0, 1e6);
      const hostile = new HostilePeer(world, 'hostile', hostility, first.node.chain.tip?.chainId ?? '', texts);
      await hostile.start(...nodes.map(({ id }) => id));
      await world.clock.pass(1000);
      const owners = nodes.map((node, place) => node.propose(60 + place));
      await world.clock.pass(60_000);
      await decide(world, nodes);
      const chain = await agreedChain(nodes);
      expect(chain.map(({ validator }) => validator)).toEqual(expect.arrayContaining(owners));
      for (const { sync } of nodes) {
        if (reason !== undefined) expect([...sync.table.cutCounts.keys()]).toContain(reason);
        for (const honest of nodes) expect(sync.table.lastCuts.filter(({ peer }) => peer === honest.id)).toEqual([]);
      }
    },
  );

  it('are not followed on a long light branch, whose blocks hold', async () => {
    const { world, nodes } = await openNodes(5, 2, { latencyMaxMs: 20, lossOnceIn: 0 });
    const [first] = nodes;
    if (first === undefined) throw new Error('no node');
    for (let bpm = 0; bpm < 5; bpm++) first.propose(bpm);
    await world.clock.pass(60_000);
    const { height } = first.node.chain;
    // Block after block an hour apart: the difficulty falls to 1.
    const light = BranchMiner.begin(500n).mineMany(300, { spanMs: 3_600_000 });
    expect(light.tip.weight).toBeLessThan(first.node.chain.tip?.weight ?? 0n);
    world.clock.jumpWall(400 * 3_600_000);
    const texts = light.blocks.map(({ text }) => text);
    const hostile = new HostilePeer(world, 'hostile', 'lengthens', light.tip.chainId, texts);
    await hostile.start(...nodes.map(({ id }) => id));
    await world.clock.pass(60_000);
    for (const { node, sync } of nodes) {
      expect(node.chain.height).toBe(height);
      expect(sync.table.cutCounts.get('short-answer')).toBeGreaterThan(0);
    }
  });
});

describe('many nodes that mine', () => {
  async function live(seed: number, hasLedger: boolean): Promise<void> {
    const rolls = new Dice(seed);
    const faults = { latencyMaxMs: 1 + rolls.roll(500), lossOnceIn: rolls.pick([0, 4]) };
    const { world, dice, nodes } = await openNodes(seed, 3 + rolls.roll(5), faults, hasLedger);
    const ids = nodes.map(({ id }) => id);
    const owners: string[] = [];
    const paid = new Map<string, number>();
    let nonce = 0;
    for (let turn = 0; turn < 25; turn++) {
      if (dice.once(4)) world.part(ids.filter(() => dice.once(2)));
      if (dice.once(4)) world.heal();
      const node = dice.pick(nodes);
      if (!hasLedger) owners.push(node.propose(turn));
      else {
        const To = hexOf(`receiver ${seed} ${turn}`);
        const request = { Kind: 'transfer', To, Amount: '7', Fee: '1', Nonce: nonce, Until: 900 } as const;
        const transaction = signTransaction(node.node.chain.tip?.chainId ?? '', request, faucet);
        // A node that has not heard of those before says so, and the sender tries again elsewhere.
        if (node.node.ledger?.submit(transaction).kind === 'accepted') {
          paid.set(To, nonce);
          nonce += 1;
        }
      }
      await world.clock.pass(dice.roll(4000));
    }
    world.heal();
    await world.clock.pass(120_000);
    await decide(world, nodes);
    const chain = await agreedChain(nodes);
    if (!hasLedger) {
      const proposed = chain.filter(({ validator }) => owners.includes(validator));
      expect(proposed.map(({ validator }) => validator).sort()).toEqual([...owners].sort());
      return;
    }
    const [first] = nodes;
    const state = first?.node.chain.state;
    expect(state?.root.sum).toBe(1_000_000n + 50n * BigInt(chain.length));
    for (const [key, used] of paid)
      if (used < (state?.accountOf(faucet.key)?.nonce ?? 0)) expect(state?.accountOf(key)?.balance).toBe(7n);
    expect(paid.size).toBeGreaterThan(0);
    for (const { node, events } of nodes) {
      expect(node.ledger?.hasWaiting).toBe(false);
      // Who is told that a transaction is in a block hears when that is so no longer.
      const balance = new Map<string, number>();
      for (const event of events)
        for (const news of event.kind === 'ledger' ? [...event.news.values()].flat() : [])
          if (news.kind === 'included' || news.kind === 'returned')
            balance.set(news.id, (balance.get(news.id) ?? 0) + (news.kind === 'included' ? 1 : -1));
      for (const count of balance.values()) expect(count).toBe(1);
    }
    expect(state?.accountOf(faucet.key)?.nonce).toBe(nonce);
  }

  const seeds = Array.from({ length: cases(3) }, (_, place) => place + 1);
  it.each(seeds)('agree after partitions, and every candidate is in exactly one block (seed %i)', (seed) =>
    live(seed, false),
  );
  it.each(seeds)('conserve the supply, and give every transaction its fate (seed %i)', (seed) => live(seed, true));
});
