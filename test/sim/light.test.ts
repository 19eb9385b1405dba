import { describe, expect, it } from 'vitest';
import type { StoredBlock } from '../../src/consensus/engine.ts';
import { signTransaction } from '../../src/ledger/transaction.ts';
import type { WatchedAccount } from '../../src/node/light/account-watch.ts';
import { LightClient } from '../../src/node/light/light-client.ts';
import type { PeerNetworkUser } from '../../src/node/sync/peer-network.ts';
import type { SyncEvent } from '../../src/node/sync/sync-event.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
import { MemoryStore } from '../../src/storage/memory-store.ts';
import { authority, hexOf, storedBlock } from '../core/build-chain.ts';
import { buildInstantChain } from '../core/build-kinds.ts';
import { BranchMiner } from '../node/branch-miner.ts';
import { Dice } from './dice.ts';
import { faucetSecret, NetworkNode, verifyOnce } from './network-node.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { SimulatedNetworks } from './simulated-network.ts';

const wallets = new ServerWallets(faucetSecret);
const faucet = wallets.signer(0);
const ada = wallets.signer(7).key;

function beginChain(): BranchMiner {
  return BranchMiner.begin(500n, {
    Reward: '50',
    MinFee: '0',
    Unbonding: 10,
    Accounts: [[faucet.key, '1000000', '0']],
  });
}

function openWorld(): SimulatedNetworks {
  return new SimulatedNetworks(new SimulatedClock(), new Dice(1), { latencyMaxMs: 10, lossOnceIn: 0 });
}

async function openNode(
  world: SimulatedNetworks,
  id: string,
  seed: number,
  genesis: StoredBlock | undefined,
  peers: readonly string[] = [],
): Promise<NetworkNode> {
  if (genesis === undefined) throw new Error('no genesis');
  const node = new NetworkNode({ world, id, seed, peers, genesis, noncesPerMs: 1 });
  node.start();
  await world.clock.pass(100);
  return node;
}

/** A wallet, and what it heard. */
class Wallet {
  readonly told: WatchedAccount[] = [];
  readonly events: SyncEvent[] = [];
  readonly client: LightClient;
  failure: unknown;
  readonly #stopping = new AbortController();
  readonly #network: ReturnType<SimulatedNetworks['peer']>;

  constructor(world: SimulatedNetworks, keys: readonly string[], peers: readonly string[], store = new MemoryStore()) {
    this.#network = world.peer('wallet');
    this.client = new LightClient({
      clock: world.clock,
      network: this.#network,
      store,
      verifySignature: verifyOnce,
      listener: { onSync: (event) => this.events.push(event) },
      addresses: peers,
      keys,
      opened: () => undefined,
      told: (account) => this.told.push(account),
    });
    this.client.run(this.#stopping.signal).catch((error: unknown) => {
      this.failure = error;
    });
  }

  get balances(): readonly (string | undefined)[] {
    return this.told.map(({ account }) => account?.[1]);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#network.stop();
  }
}

/** Ten tokens for Ada, in a transaction that a node takes. */
function give(node: NetworkNode, nonce: number): void {
  const { tip, ledger } = { tip: node.node.chain.tip, ledger: node.node.ledger };
  const transfer = { Kind: 'transfer', To: ada, Amount: '10', Fee: '0', Nonce: nonce, Until: 500 } as const;
  const submitted = ledger?.submit(signTransaction(tip?.chainId ?? '', transfer, faucet));
  expect(submitted?.kind).toBe('accepted');
}

describe('a wallet', () => {
  it('keeps headers alone, tells of its account whenever that changes, and goes on with its headers after a restart', async () => {
    const world = openWorld();
    const node = await openNode(world, 'full', 1, beginChain().blocks[0]);
    const store = new MemoryStore();
    const wallet = new Wallet(world, [faucet.key, ada], ['full'], store);
    await world.clock.pass(10_000);
    expect(wallet.balances).toEqual(['1000000', undefined]);
    give(node, 0);
    await world.clock.pass(20_000);
    node.propose(3);
    await world.clock.pass(20_000);
    give(node, 1);
    await world.clock.pass(20_000);
    expect(wallet.told.flatMap(({ key, account }) => (key === ada ? [account?.[1]] : []))).toEqual([
      undefined,
      '10',
      '20',
    ]);
    expect(store.height).toBe(node.node.chain.height);
    expect(await store.signedBodyText(1)).toBeUndefined();
    expect(await store.accounts()).toEqual([]);
    expect(node.sync.table.peers()).toMatchObject([{ hello: { Roles: ['wallet'] } }]);
    await wallet.stop();
    const { height } = store;
    await node.crash();
    const again = new Wallet(world, [ada], [], store);
    await world.clock.pass(1000);
    expect(again.failure).toBeUndefined();
    expect(store.height).toBe(height);
    expect([...node.sync.table.cutCounts, ...again.client.table.cutCounts]).toEqual([]);
  });

  it('follows the heavier branch, and then says what its account has there', async () => {
    const world = openWorld();
    const begun = beginChain();
    const node = await openNode(world, 'full', 1, begun.blocks[0]);
    const store = new MemoryStore();
    const wallet = new Wallet(world, [ada], ['full'], store);
    give(node, 0);
    await world.clock.pass(20_000);
    expect(wallet.balances.at(-1)).toBe('10');
    const receipts = { size: 0, of: () => undefined };
    await node.node.chain.adopt(begun.mineMany(3, { validator: hexOf('other') }).behindGenesis, () => ({ receipts }));
    await world.clock.pass(60_000);
    expect(wallet.failure).toBeUndefined();
    expect(await store.block(1)).toContain(`"Validator":"${hexOf('other')}"`);
    expect(await store.blockRange(0, 100)).toEqual(await node.store.blockRange(0, 100));
    expect(wallet.balances.at(-1)).toBe('10');
  });

  it('hears that the authority has signed two blocks of one Index, and takes nothing any more', async () => {
    const world = openWorld();
    const chains = [1, 2].map((bpm) => buildInstantChain([bpm]));
    for (const [place, [genesis, block]] of chains.entries()) {
      if (genesis === undefined || block === undefined) throw new Error('no chain');
      const node = new NetworkNode({ world, id: `liar-${place}`, authority, genesis: storedBlock(genesis) });
      node.start();
      await world.clock.pass(100);
      await node.make(storedBlock(block));
    }
    const wallet = new Wallet(world, [], ['liar-0', 'liar-1']);
    await world.clock.pass(20_000);
    const [conviction, another] = wallet.events.filter(({ kind }) => kind === 'contradiction');
    expect(conviction).toMatchObject({
      index: 1,
      blocks: expect.arrayContaining(chains.map((chain) => JSON.stringify(chain[1]))),
    });
    expect([another, wallet.failure]).toEqual([undefined, undefined]);
  });

  it.each([
    ['of more tokens', (proof: string) => proof.replace(/"(\d{6,})"/, '"9$1"')],
    ['of another account', (proof: string) => proof.replaceAll(faucet.key, ada)],
    ['behind another block', (proof: string) => proof.replace(/"Index":\d+/, '"Index":77')],
    ['that there is no account', () => 'null'],
  ])('cuts a peer that lies with a proof %s, by name, and hears the truth from another', async (_, lie) => {
    const world = openWorld();
    const [genesis] = beginChain().blocks;
    // It dials the wallet again and again, and so comes later than the one that the wallet dials.
    const honest = await openNode(world, 'honest', 1, genesis, ['wallet']);
    const liar = world.peer('liar');
    await liar.start(lyingLike(honest, lie));
    await liar.join(honest.node.chain.tip?.chainId ?? '');
    const wallet = new Wallet(world, [faucet.key], ['liar']);
    await world.clock.pass(60_000);
    expect(wallet.failure).toBeUndefined();
    expect(wallet.balances.filter((balance) => balance !== undefined)).toEqual(['1000000']);
    // It was named by the person, so it is let in again, and cut again.
    expect([...wallet.client.table.cutCounts.keys()]).toEqual(['bad-proof']);
    expect(wallet.events).toContainEqual({ kind: 'peer-cut', peer: 'liar', host: '127.0.0.1', reason: 'bad-proof' });
  });
});

/** Says of itself what another node says, and changes every proof. */
function lyingLike({ sync, node }: NetworkNode, lie: (proof: string) => string): PeerNetworkUser {
  return {
    onConnected: () => undefined,
    onDisconnected: () => undefined,
    onFlood: () => undefined,
    judge: async () => 'ignore',
    async *answer(peer, request, signal) {
      const { tip } = node.chain;
      if (request.includes('"Request":"hello"')) {
        const Chain = { ChainId: tip?.chainId, Height: tip?.index, Tip: tip?.hash, Weight: String(tip?.weight) };
        yield `${JSON.stringify({ Version: 2, Chain, Roles: ['full'] })}\n`;
        return;
      }
      for await (const frame of sync.answer(peer, request, signal))
        yield request.includes('"Request":"proof"') ? `${lie(frame.trim())}\n` : frame;
    },
  };
}
