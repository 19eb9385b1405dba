import { describe, expect, it } from 'vitest';
import type { StoredBlock } from '../../src/consensus/engine.ts';
import { findFault } from '../../src/consensus/verifier.ts';
import { isMined } from '../../src/core/block.ts';
import type { CutReason } from '../../src/node/sync/cut-reason.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
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
  const genesis = genesisOf(hasLedger);
  const ids = Array.from({ length: count }, (_, place) => `n${place}`);
  const nodes: NetworkNode[] = [];
  for (const [place, id] of ids.entries()) nodes.push(openNode(world, genesis, ids, place, id, seed));
  for (const node of nodes) node.start();
  await world.clock.pass(2000);
  return { world, dice, nodes };
}

function genesisOf(hasLedger: boolean): StoredBlock {
  const [genesis] = BranchMiner.begin(
    500n,
    hasLedger ? { Reward: '50', MinFee: '0', Unbonding: 10, Accounts: [[faucet.key, '1000000', '0']] } : undefined,
  ).blocks;
  if (genesis === undefined) throw new Error('no genesis');
  return genesis;
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

describe('two servers of a chain of work with a ledger', () => {
  it('serve their own people: one grants tokens, people at the other earn them, and tokens go between the two', async () => {
    const world = new SimulatedNetworks(new SimulatedClock(), new Dice(4), { latencyMaxMs: 10, lossOnceIn: 0 });
    const founder = new NetworkNode({ world, id: 'founder', genesis: genesisOf(true), seed: 1 });
    const other = new NetworkNode({ world, id: 'other', peers: ['founder'], seed: 2, walletSecret: Buffer.from('b') });
    for (const node of [founder, other]) {
      node.start();
      await world.clock.pass(2000);
    }
    const [desk, otherDesk] = [founder.node.service.wallets, other.node.service.wallets];
    const ben = desk?.enter(() => undefined);
    const ada = otherDesk?.enter(() => undefined);
    if (ada === undefined || ben === undefined) throw new Error('no wallets');
    expect([ben.balance, ada.balance]).toEqual([1000n, 0n]);
    const send = (amount: bigint) => otherDesk?.order(ada.key, { kind: 'send', to: ben.key, amount, fee: 0n });
    expect(send(1n)).toMatchObject({ kind: 'refused', why: expect.stringContaining('has no tokens yet') });
    expect(otherDesk?.statusOf(ada.key)).toEqual({ account: undefined, waiting: 0, hasNoFaucet: true });
    other.node.service.propose(ada.key, 7);
    await world.clock.pass(20_000);
    expect(founder.node.ledger?.accountOf(ada.key)?.balance).toBe(50n);
    expect(send(20n)).toMatchObject({ kind: 'sent' });
    await world.clock.pass(20_000);
    expect(founder.node.ledger?.accountOf(ben.key)?.balance).toBe(20n);
    expect(desk?.statusOf(ben.key).waiting).toBe(0);
    founder.node.service.propose(ben.key, 8);
    await world.clock.pass(20_000);
    for (const { node } of [founder, other]) {
      expect(node.ledger?.accountOf(ada.key)?.balance).toBe(30n);
      expect(node.ledger?.accountOf(ben.key)?.balance).toBeGreaterThanOrEqual(1020n);
    }
    expect(await other.node.service.ownWallets?.create()).toMatchObject({ number: 2 });
    expect(otherDesk?.login(ada.code, 'here', () => undefined)).toMatchObject({ wallet: { balance: 30n } });
    await agreedChain([founder, other]);
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
