import { describe, expect, it } from 'vitest';
import { findFault } from '../../src/consensus/verifier.ts';
import type { Block } from '../../src/core/block.ts';
import { signTransaction } from '../../src/ledger/transaction.ts';
import { ChainError } from '../../src/node/ports.ts';
import type { CutReason } from '../../src/node/sync/cut-reason.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
import { authority, buildChain, candidatesWith, frozen, hexOf, storedBlock } from '../core/build-chain.ts';
import { buildInstantChain } from '../core/build-kinds.ts';
import { Dice } from './dice.ts';
import { HostilePeer, type Hostility } from './hostile-peer.ts';
import { faucetSecret, NetworkNode, verifyOnce } from './network-node.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { type NetworkFaults, SimulatedNetworks } from './simulated-network.ts';

const quiet: NetworkFaults = { latencyMaxMs: 20, lossOnceIn: 0 };

function openWorld(seed: number, faults: NetworkFaults = quiet): SimulatedNetworks {
  return new SimulatedNetworks(new SimulatedClock(), new Dice(seed), faults);
}

const long = buildInstantChain(Array.from({ length: 1000 }, (_, place) => place));
const pools = Array.from({ length: 40 }, (_, place) => candidatesWith([1n, BigInt(place + 1)]));
const drawn = buildChain(pools, 16);
const genesisId = (blocks: readonly Block[]): string => blocks[0]?.Hash ?? '';

/** A node that has a chain from the start, and is its authority. */
async function openAuthority(world: SimulatedNetworks, blocks: readonly Block[], count: number): Promise<NetworkNode> {
  const [genesis] = blocks;
  if (genesis === undefined) throw new Error('no chain');
  const node = new NetworkNode({ world, id: 'authority', authority, genesis: storedBlock(genesis) });
  node.start();
  await world.clock.pass(0);
  for (const [place, block] of blocks.slice(1, count + 1).entries()) await node.make(stored(blocks, block, place));
  return node;
}

function stored(blocks: readonly Block[], block: Block, place: number): ReturnType<typeof storedBlock> {
  return storedBlock(block, blocks === drawn ? frozen(pools[place] ?? []).candidates : []);
}

/** What holds for every honest node at every time. */
async function expectValid(node: NetworkNode): Promise<void> {
  expect(node.failures).toEqual([]);
  const texts = await node.store.blockRange(0, node.height);
  expect(
    findFault(
      texts.map((text): unknown => JSON.parse(text)),
      verifyOnce,
    ),
  ).toBeUndefined();
}

describe('a node that begins with nothing but the address of a peer', () => {
  it('takes the genesis and every block with its pool, and then follows', async () => {
    const world = openWorld(1);
    const first = await openAuthority(world, drawn, 30);
    const node = new NetworkNode({ world, id: 'new', peers: ['authority'] });
    node.start();
    await world.clock.pass(2000);
    expect(node.tipHash).toBe(drawn[30]?.Hash);
    for (let place = 30; place < 35; place++) {
      const block = drawn[place + 1];
      if (block !== undefined) await first.make(stored(drawn, block, place));
      await world.clock.pass(100);
      expect(node.tipHash).toBe(block?.Hash);
    }
    for (let index = 0; index <= node.height; index++)
      expect(await node.store.poolText(index)).toBe(await first.store.poolText(index));
    await expectValid(node);
    expect(node.syncEvents).toContainEqual({ kind: 'synced', height: 30 });
    expect(node.sync.table.peers()).toMatchObject([{ peer: 'authority', hello: { Roles: ['authority', 'full'] } }]);
  });

  it('fetches from several peers at once, and tells how far it is', async () => {
    const world = openWorld(2, { latencyMaxMs: 500, lossOnceIn: 0 });
    await openAuthority(world, long, 1000);
    const nodes = ['b', 'c', 'd'].map((id) => new NetworkNode({ world, id, peers: ['authority'] }));
    for (const node of nodes) node.start();
    await world.clock.pass(60_000);
    const late = new NetworkNode({ world, id: 'late', peers: ['b', 'c', 'd'] });
    late.start();
    await world.clock.pass(30_000);
    expect(late.height).toBe(1000);
    expect(late.syncEvents.filter(({ kind }) => kind === 'syncing').length).toBeGreaterThan(0);
    await expectValid(late);
  });

  it('takes only the chain that it was told to take', async () => {
    const world = openWorld(3);
    await openAuthority(world, drawn, 3);
    const node = new NetworkNode({ world, id: 'new', peers: ['authority'], chainId: genesisId(long) });
    node.start();
    await world.clock.pass(10_000);
    expect(node.height).toBe(-1);
    expect(node.sync.table.cutCounts.get('other-chain')).toBeGreaterThan(0);
  });

  it('goes on after a crash where it was', async () => {
    const world = openWorld(4, { latencyMaxMs: 200, lossOnceIn: 0 });
    await openAuthority(world, long, 1000);
    const first = new NetworkNode({ world, id: 'new', peers: ['authority'] });
    first.start();
    while (first.height < 100) await world.clock.pass(50);
    await first.crash();
    const before = first.store.height;
    await world.clock.pass(1000);
    expect(before).toBeLessThan(1000);
    const second = new NetworkNode({ world, id: 'new', peers: ['authority'], store: first.store });
    second.start();
    await world.clock.pass(30_000);
    expect(second.height).toBe(1000);
    await expectValid(second);
  });

  it('waits for a peer that is not there yet, and takes the chain from it then', async () => {
    const world = openWorld(5);
    const node = new NetworkNode({ world, id: 'new', peers: ['authority'] });
    node.start();
    await world.clock.pass(60_000);
    await openAuthority(world, drawn, 10);
    await world.clock.pass(20_000);
    expect(node.height).toBe(10);
  });
});

describe('peers that do harm', () => {
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
    'do not keep a node from the chain: one that %s is survived, and counted as %s',
    async (hostility, reason) => {
      const world = openWorld(7);
      await openAuthority(world, long, 1000);
      const texts = long.map((block) => JSON.stringify(block));
      const hostile = new HostilePeer(world, 'hostile', hostility, genesisId(long), texts);
      await hostile.start();
      const node = new NetworkNode({ world, id: 'new', peers: ['hostile', 'authority'], chainId: genesisId(long) });
      node.start();
      await world.clock.pass(60_000);
      expect(node.height).toBe(1000);
      await expectValid(node);
      const found = [...node.sync.table.cutCounts.keys()];
      if (reason === undefined) expect(node.syncEvents).toContainEqual({ kind: 'peer-gone', peer: 'hostile' });
      else expect(found).toContain(reason);
    },
  );
});

describe('a peer', () => {
  it('that says nothing is cut as silent, and one that the network calls a flood as that', async () => {
    const world = openWorld(7);
    await openAuthority(world, long, 10);
    const mute = world.peer('mute');
    await mute.start({
      onConnected: () => undefined,
      onDisconnected: () => undefined,
      onFlood: () => undefined,
      judge: async () => 'ignore',
      answer: async function* () {
        await new Promise(() => undefined);
      },
    });
    await mute.join(genesisId(long));
    const node = new NetworkNode({ world, id: 'new', peers: ['mute', 'authority'], chainId: genesisId(long) });
    node.start();
    await world.clock.pass(60_000);
    expect(node.height).toBe(10);
    expect(node.sync.table.cutCounts.get('silent')).toBeGreaterThan(0);
    node.sync.onFlood('authority');
    expect(node.sync.table.lastCuts.at(-1)).toMatchObject({ peer: 'authority', reason: 'flood' });
  });
});

describe('an authority that signs two blocks of one Index', () => {
  it('is found out by every follower, who stops and keeps both', async () => {
    const world = openWorld(8);
    const other = buildInstantChain([0, 1, 2, 77, 78]);
    const first = await openAuthority(world, long, 3);
    const nodes = ['b', 'c'].map((id) => new NetworkNode({ world, id, peers: ['authority', 'b'] }));
    for (const node of nodes) node.start();
    await world.clock.pass(3000);
    expect(nodes.map(({ height }) => height)).toEqual([3, 3]);
    await first.crash();
    for (const block of long.slice(4, 6)) for (const node of nodes) await node.make(storedBlock(block));
    await openAuthority(world, other, 5);
    await world.clock.pass(60_000);
    for (const node of nodes) {
      const [convicted] = node.syncEvents.filter(({ kind }) => kind === 'contradiction');
      expect(convicted).toEqual({
        kind: 'contradiction',
        index: 4,
        blocks: [JSON.stringify(long[4]), JSON.stringify(other[4])],
      });
      expect(node.tipHash).toBe(long[5]?.Hash);
      await expectValid(node);
    }
  });
});

describe('an authority', () => {
  it('that goes on with an old copy of its chain is stopped before it makes a block a second time', async () => {
    const world = openWorld(9);
    const first = await openAuthority(world, long, 10);
    const follower = new NetworkNode({ world, id: 'b', peers: ['authority'] });
    follower.start();
    await world.clock.pass(3000);
    expect(follower.height).toBe(10);
    await first.crash();
    const restored = await openAuthority(world, long, 7);
    await world.clock.pass(30_000);
    expect(restored.failures[0]).toBeInstanceOf(ChainError);
    expect(String(restored.failures[0])).toContain('have block 8 of this chain, signed with the key of this server');
    expect(follower.syncEvents.filter(({ kind }) => kind === 'contradiction')).toEqual([]);
  });

  it('does not mind a peer that only says to have more', async () => {
    const world = openWorld(10);
    const texts = long.map((block) => JSON.stringify(block));
    const first = await openAuthority(world, long, 7);
    for (const [place, hostility] of (['forges', 'boasts', 'stalls', 'babbles'] as const).entries()) {
      const hostile = new HostilePeer(world, `h${place}`, hostility, genesisId(long), texts.slice(0, 8));
      await hostile.start('authority');
    }
    await world.clock.pass(60_000);
    expect(first.failures).toEqual([]);
    await expectValid(first);
  });
});

describe('a transaction that a follower accepts while the authority is out of reach', () => {
  it('comes to the authority once it is back', async () => {
    const world = openWorld(11);
    const founds = { newChain: { kind: 'instant' }, newLedger: { reward: 50n } } as const;
    const first = new NetworkNode({ world, id: 'authority', founds });
    const follower = new NetworkNode({ world, id: 'b', peers: ['authority'], seed: 2 });
    for (const node of [first, follower]) node.start();
    await world.clock.pass(2000);
    world.part(['b']);
    const faucet = new ServerWallets(faucetSecret).signer(0);
    const terms = { Fee: '1', Nonce: 0, Until: 900 };
    const request = { Kind: 'transfer', To: hexOf('receiver'), Amount: '7', ...terms } as const;
    const transaction = signTransaction(follower.chain.tip?.chainId ?? '', request, faucet);
    expect(follower.node.ledger?.submit(transaction).kind).toBe('accepted');
    await world.clock.pass(60_000);
    world.heal();
    await world.clock.pass(90_000);
    for (const { node } of [first, follower])
      expect(node.ledger?.accountOf(hexOf('receiver'))).toMatchObject({ balance: 7n });
  });
});
