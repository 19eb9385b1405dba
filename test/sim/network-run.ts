import { createHash } from 'node:crypto';
import type { ChainKind } from '../../src/consensus/engine.ts';
import { signTransaction } from '../../src/ledger/transaction.ts';
import type { NodeSettings } from '../../src/node/assemble.ts';
import type { NodeEvent } from '../../src/node/ports.ts';
import type { HeldWallet } from '../../src/node/wallet-service.ts';
import { ServerWallets } from '../../src/platform/server-wallets.ts';
import { hexOf } from '../core/build-chain.ts';
import { BranchMiner } from '../node/branch-miner.ts';
import { Dice } from './dice.ts';
import type { Fault, Plan } from './faults.ts';
import { HostilePeer, hostilities } from './hostile-peer.ts';
import { faucetSecret, NetworkNode } from './network-node.ts';
import { NetworkPromises, rewardOf } from './network-promises.ts';
import type { Outcome } from './outcome.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { SimulatedNetworks } from './simulated-network.ts';

const stepMs = 4000;
/** Peers that lost each other notice it within 15 s and dial again within 16 s; a ban for weakness is 30 s. What waits is announced again every 40 s, and may be lost again. */
const healingMs = 240_000;
const healingParts = 8;
/** Of branches that weigh the same each node keeps the one that it knew first, until one more block decides. */
const decidingBlocks = 5;
const decidingMs = 30_000;
const stake = 100n;

const faucet = new ServerWallets(faucetSecret).signer(0);

/** Runs a network of nodes from a plan: one or all of them make blocks, some are killed, separated, or want to do harm. */
export async function simulateNetwork(plan: Plan): Promise<Outcome> {
  return new NetworkSimulation(plan).run();
}

class NetworkSimulation {
  readonly #plan: Plan;
  readonly #dice: Dice;
  readonly #world: SimulatedNetworks;
  readonly #ids: readonly string[];
  readonly #nodes = new Map<string, NetworkNode>();
  readonly #hostileMax: number;
  readonly #promises: NetworkPromises;
  readonly #trace: string[] = [];
  readonly #counts = new Map<Fault, number>();
  /** Nodes that were killed and are not back yet. */
  readonly #down = new Set<string>();
  /** The wallets of the validators of a lottery with a ledger. */
  readonly #wallets: HeldWallet[] = [];
  #hostile = 0;
  #lives = 0;
  #step = 0;
  #sent = 0;
  #proposed = 0;

  constructor(plan: Plan) {
    this.#plan = plan;
    const dice = new Dice(plan.seed);
    this.#dice = dice;
    const latencyMaxMs = plan.faults.has('latency') ? 1 + dice.roll(500) : 5;
    const lossOnceIn = plan.faults.has('loss') ? dice.pick([3, 10]) : 0;
    this.#world = new SimulatedNetworks(new SimulatedClock(), dice, { latencyMaxMs, lossOnceIn });
    const peers = dice.pick([3, 4, 5, 6, 8, 12, 30]);
    // One to a third of all do harm, and one of three is the least.
    this.#hostileMax = plan.faults.has('hostile') ? 1 + dice.roll(Math.floor(peers / 3)) : 0;
    const honest = Math.max(2, peers - this.#hostileMax);
    this.#ids = Array.from({ length: honest }, (_, place) => `n${place}`);
    this.#promises = new NetworkPromises(plan);
    for (const fault of ['latency', 'loss'] as const) if (plan.faults.has(fault)) this.#counts.set(fault, 1);
    this.#trace.push(`${honest} nodes and up to ${this.#hostileMax} that do harm`);
  }

  async run(): Promise<Outcome> {
    await this.#begin();
    while (this.#step < this.#plan.steps && this.#broken.length === 0) {
      this.#step += 1;
      await this.#suffer();
      this.#act();
      await this.#world.clock.pass(this.#dice.roll(stepMs));
      this.#look();
    }
    if (this.#broken.length === 0) await this.#recover();
    const texts = await this.#first.store.blockRange(0, this.#first.height);
    const faults = new Map([...this.#counts].sort());
    return {
      blocks: Math.max(0, this.#first.height),
      transactions: this.#promises.transactions,
      lives: this.#lives,
      faults,
      broken: this.#broken,
      brokenAt: this.#step,
      digest: createHash('sha256')
        .update(`${texts.join('\n')}\n${this.#trace.join('\n')}`)
        .digest('hex'),
      trace: this.#trace,
    };
  }

  get #broken(): readonly string[] {
    return this.#promises.broken;
  }

  /** The one that founds the chain, and is its authority where it has one. */
  get #first(): NetworkNode {
    return this.#nodeOf('n0');
  }

  get #running(): readonly NetworkNode[] {
    return [...this.#nodes.values()].filter(({ id, isOpen }) => isOpen && !this.#down.has(id));
  }

  #nodeOf(id: string): NetworkNode {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new Error(`there is no node ${id}`);
    return node;
  }

  /** All nodes have the chain before anything goes wrong. */
  async #begin(): Promise<void> {
    const { clock } = this.#world;
    for (const id of this.#ids) {
      this.#start(id);
      await clock.pass(0);
    }
    for (let time = 0; time < 20 && this.#running.length < this.#ids.length; time++) await clock.pass(2000);
    if (this.#running.length < this.#ids.length) this.#promises.broke('a node of a quiet network has no genesis');
    if (this.#plan.kind !== 'lottery' || !this.#plan.hasLedger) return;
    for (let place = 0; place < 3; place++) {
      const joined = this.#first.node.service.wallets?.join(stake, () => undefined);
      if (joined?.kind === 'granted') this.#wallets.push(joined.wallet);
    }
    // Their grants are in a block before others use the faucet.
    this.#propose(this.#first);
    await clock.pass(5000);
  }

  #start(id: string): void {
    const place = this.#ids.indexOf(id);
    const { store } = this.#nodes.get(id) ?? {};
    const peers = [this.#ids[place - 1], this.#ids[(place + 1) % this.#ids.length], this.#dice.pick(this.#ids)];
    this.#lives += 1;
    const life = this.#lives;
    const node = new NetworkNode({
      world: this.#world,
      id,
      peers: [...new Set(peers)].filter((peer) => peer !== undefined && peer !== id).map(String),
      ...(store === undefined ? {} : { store }),
      ...(place === 0 ? { founds: this.#founding() } : {}),
      seed: this.#plan.seed * 1_000_000 + life,
      masterSeed: this.#plan.seed * 1000 + place,
      noncesPerMs: 0.2,
      onEvent: (event: NodeEvent) => {
        if (event.kind !== 'loaded' && event.kind !== 'chain-due') this.#trace.push(`  ${id}: ${event.kind}`);
        this.#promises.onEvent(event, { id, weight: node.isOpen ? (node.chain.tip?.weight ?? 0n) : 0n });
      },
    });
    this.#nodes.set(id, node);
    this.#down.delete(id);
    node.start();
  }

  #founding(): Pick<NodeSettings, 'newChain' | 'newLedger'> {
    const { kind, hasLedger } = this.#plan;
    const newChain = newChainOf(kind);
    return {
      ...(newChain === undefined ? {} : { newChain }),
      ...(hasLedger ? { newLedger: { reward: rewardOf(this.#plan) } } : {}),
    };
  }

  async #suffer(): Promise<void> {
    const dice = this.#dice;
    if (this.#strikes('partition', 6)) this.#world.part(this.#ids.filter(() => dice.once(2)));
    else if (dice.once(3)) this.#world.heal();
    for (const id of this.#down) if (dice.once(3)) this.#start(id);
    const victim = dice.pick(this.#ids);
    if (!this.#down.has(victim) && this.#strikes('churn', 5)) await this.#kill(victim);
    if (this.#hostile < this.#hostileMax && this.#strikes('hostile', 5)) await this.#invade();
  }

  async #kill(id: string): Promise<void> {
    this.#trace.push(`  ${id} is killed`);
    await this.#nodeOf(id).crash();
    this.#promises.killed(id);
    this.#down.add(id);
  }

  /** A peer begins that does harm, and knows the chain of an honest one. */
  async #invade(): Promise<void> {
    const dice = this.#dice;
    const [model] = this.#running;
    if (model === undefined) return;
    this.#hostile += 1;
    const { kind, hasLedger } = this.#plan;
    const isLight = kind === 'work' && !hasLedger && dice.once(3);
    const hostility = isLight ? 'lengthens' : dice.pick(hostilities);
    const texts = isLight ? await lightBranch(model) : await model.store.blockRange(0, model.height);
    const { chainId = '' } = model.chain.tip ?? {};
    const hostile = new HostilePeer(this.#world, `h${this.#hostile}`, hostility, chainId, texts);
    this.#trace.push(`  h${this.#hostile} ${hostility}`);
    await hostile.start(dice.pick(this.#ids), dice.pick(this.#ids), dice.pick(this.#ids));
  }

  /** Somebody does something, where a node runs that takes it. */
  #act(): void {
    const { kind, hasLedger } = this.#plan;
    const running = this.#running;
    if (running.length === 0) return;
    const node = this.#dice.pick(running);
    if (hasLedger) this.#send(node);
    if (hasLedger && kind !== 'lottery') return;
    const maker = kind === 'work' ? node : running.find(({ id }) => id === 'n0');
    if (maker !== undefined) this.#propose(maker);
  }

  #propose(maker: NetworkNode): void {
    const { kind, hasLedger } = this.#plan;
    this.#proposed += 1;
    if (hasLedger && kind === 'lottery') {
      // Another process than the one that gave the wallets out may be the authority by now.
      for (const { key, code } of this.#wallets) {
        maker.node.service.wallets?.login(code, '', () => undefined);
        maker.node.service.propose(key, this.#proposed);
      }
      return;
    }
    maker.propose(this.#proposed);
  }

  /** A transfer of the faucet to a new account; a node that has not heard of those before it says so, and another one is tried later. */
  #send({ node, id }: NetworkNode): void {
    const { ledger, chain } = node;
    if (ledger === undefined) return;
    const To = hexOf(`receiver ${this.#plan.seed} ${this.#sent}`);
    const Nonce = ledger.nextNonce(faucet.key);
    const request = { Kind: 'transfer', To, Amount: '7', Fee: '1', Nonce, Until: 900 } as const;
    const submission = ledger.submit(signTransaction(chain.tip?.chainId ?? '', request, faucet));
    if (submission.kind !== 'accepted') return;
    this.#sent += 1;
    this.#promises.accepted(submission.id, id);
  }

  #look(): void {
    for (const node of this.#running) this.#promises.look(node);
  }

  /** After the last fault all nodes agree within a bounded time, and what was accepted has its fate. */
  async #recover(): Promise<void> {
    const { clock } = this.#world;
    this.#world.heal();
    for (const id of this.#down) this.#start(id);
    const isDrawnForLedger = this.#plan.kind === 'lottery' && this.#plan.hasLedger;
    for (let part = 0; part < healingParts; part++) {
      await clock.pass(healingMs / healingParts);
      // A draw without a candidate takes no transactions.
      if (isDrawnForLedger) this.#propose(this.#first);
    }
    await clock.pass(decidingMs);
    const isOne = (): boolean => new Set(this.#running.map(({ tipHash }) => tipHash)).size === 1;
    for (let more = 0; this.#plan.kind === 'work' && more < decidingBlocks && !isOne(); more++) {
      this.#first.node.service.sealNow();
      await clock.pass(decidingMs);
    }
    this.#look();
    await this.#promises.findBrokenAtEnd(this.#ids.map((id) => this.#nodeOf(id)));
  }

  #strikes(fault: Fault, sides: number): boolean {
    const doesIt = this.#plan.faults.has(fault) && this.#dice.once(sides);
    if (doesIt) {
      this.#counts.set(fault, (this.#counts.get(fault) ?? 0) + 1);
      this.#trace.push(`step ${this.#step}: ${fault}`);
    }
    return doesIt;
  }
}

function newChainOf(kind: ChainKind): NodeSettings['newChain'] {
  switch (kind) {
    case 'lottery':
      return undefined;
    case 'instant':
      return { kind };
    case 'work':
      return { kind, difficulty: 100n, intervalMs: 1000 };
  }
}

/** A short branch behind the genesis of a chain of work. */
async function lightBranch({ chain, store }: NetworkNode): Promise<readonly string[]> {
  const genesis = await chain.tipAt(0);
  if (genesis === undefined) return [];
  const branch = BranchMiner.behind(genesis, undefined).mineMany(3);
  return [...(await store.blockRange(0, 0)), ...branch.blocks.map(({ text }) => text)];
}
