import type { Clock } from '../../consensus/clock.ts';
import type { StoredBlock } from '../../consensus/engine.ts';
import type { Signer, VerifySignature } from '../../core/keys.ts';
import type { Chain } from '../chain.ts';
import { type BlockStore, ChainError, type NodeEvent } from '../ports.ts';
import { AnnouncementIntake } from './announcement-intake.ts';
import { type AnnouncedTaker, Announcements } from './announcements.ts';
import { BranchFollowing, type HeavierPeer } from './branch-following.ts';
import type { PeerAhead } from './catch-up.ts';
import type { ChainToFollow } from './chain-follower.ts';
import type { CutReason } from './cut-reason.ts';
import { Following } from './following.ts';
import { type Hello, type HelloChain, signPeer } from './hello.ts';
import { limits } from './limits.ts';
import { pause } from './pause.ts';
import { PeerClient } from './peer-client.ts';
import {
  type PeerConnection,
  PeerError,
  type PeerNetwork,
  type PeerNetworkUser,
  type Topic,
  type Verdict,
} from './peer-network.ts';
import { PeerService } from './peer-service.ts';
import type { PeerTable } from './peer-table.ts';
import { Peers, type WelcomedChain } from './peers.ts';
import { ProgressReport } from './progress-report.ts';
import { parseStored, type StoredBlocks } from './stored-lines.ts';
import type { SyncListener, SyncProgress } from './sync-event.ts';

export interface SyncPorts {
  readonly clock: Clock;
  readonly network: PeerNetwork;
  readonly store: StoredBlocks & Pick<BlockStore, 'block' | 'blockByHash' | 'blockOfTransaction'>;
  readonly verifySignature: VerifySignature;
  readonly listener: SyncListener;
  /** Addresses of peers to begin with. */
  readonly addresses: readonly string[];
  /** A wallet: it asks for headers, hears no announcements and makes none. */
  readonly keeps?: 'headers';
  /** The one chain to take where there is none yet; any where it is left out. */
  readonly chainId?: string | undefined;
}

/** The chain that a node has, and what it does for its peers. */
export interface SyncedChain extends AnnouncedTaker {
  readonly chain: ChainToFollow & Pick<Chain, 'state'>;
  /** The text of a transaction that waits for a block; undefined where none with this Id does. */
  waitingTransaction(id: string): string | undefined;
  /** The texts of all of them, the oldest first. */
  waitingTransactions(): readonly string[];
  /** The key that signs the blocks of this chain, where this node is its authority. Such a node takes no blocks of others. */
  readonly authority?: Signer;
}

/** A chain with those who follow and announce it. */
interface OpenChain {
  readonly synced: SyncedChain;
  readonly following: Following;
  readonly branches: BranchFollowing;
  readonly announcements: Announcements;
  readonly proof: string | undefined;
}

/**
 * The part of a node that keeps its chain the same as that of its peers: it greets and answers them, fetches what is missing from several at once,
 * and follows what they announce. Nothing of a peer is believed: every block is verified like a stranger's.
 */
export class Sync implements PeerNetworkUser {
  readonly #ports: SyncPorts;
  readonly #client: PeerClient;
  /** What the blocks of the chain are asked for with: the client, or its headers in their place. */
  readonly #asking: Pick<PeerClient, 'blocks'>;
  readonly #peers: Peers;
  readonly #service: PeerService;
  readonly #progress: ProgressReport;
  readonly #intake: AnnouncementIntake;
  #stopping: AbortSignal = AbortSignal.abort();
  #open: OpenChain | undefined;
  #hasNews = false;
  #isCatchingUp = false;
  #wake: () => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(ports: SyncPorts) {
    this.#ports = ports;
    const { clock, network, store, verifySignature, listener, addresses } = ports;
    const client = new PeerClient(clock, network);
    this.#client = client;
    this.#asking = ports.keeps === 'headers' ? { blocks: (...asked) => client.headers(...asked) } : client;
    this.#progress = new ProgressReport(clock, listener);
    this.#intake = new AnnouncementIntake(clock);
    const hello = (): Hello => this.#hello();
    this.#peers = new Peers({
      ...{ clock, network, client: this.#client, verifySignature, listener, addresses, hello },
      chain: () => this.#welcomedChain(),
      heard: (peer, chain) => this.#heard(peer, chain),
    });
    this.#service = new PeerService({
      ...{ clock, store, hello },
      chain: () => this.#tip,
      state: () => this.#open?.synced.chain.state,
      greeted: (peer, said) => {
        if (!this.#peers.greeted(peer, said)) throw new PeerError('this node does not belong here', false);
      },
      cut: (peer, reason) => this.#peers.cut(peer, reason),
      addresses: () => network.peerAddresses,
      waitingTransaction: (id) => this.#open?.synced.waitingTransaction(id),
    });
  }

  /** Who the peers are, and who was cut. */
  get table(): PeerTable {
    return this.#peers.table;
  }

  /** How far this node is that fetches blocks; undefined while it has all that its peers have. */
  get progress(): SyncProgress | undefined {
    return this.#progress.told;
  }

  /** Ends the connection to a peer that has told something false. */
  cut(peer: string, reason: CutReason): void {
    this.#peers.cut(peer, reason);
  }

  /** Begins to listen, dial and greet, until `stopping` comes. To be called once, before anything else. */
  async start(stopping: AbortSignal): Promise<void> {
    this.#stopping = stopping;
    stopping.addEventListener('abort', () => this.#wake(), { once: true });
    await this.#ports.network.start(this);
    void this.#peers.run(stopping).catch((error: unknown) => this.#fail(error));
  }

  /** The genesis of the chain that a node without one is to take, from the first peer that gives it. Rejects with the reason of `stopping`. */
  async genesis(): Promise<StoredBlock> {
    for (;;) {
      this.#stopping.throwIfAborted();
      for (const { peer, hello } of this.table.peers()) {
        const genesis = hasBlocks(hello) ? await this.#askGenesis(peer, hello.Chain) : undefined;
        if (genesis !== undefined) return genesis;
      }
      await this.#news();
    }
  }

  /**
   * Keeps a chain, whose genesis is stored, the same as that of the peers, until `stopping` comes. Rejects as `Chain.accept` does, and then and only then
   * the node is to stop.
   */
  async run(synced: SyncedChain): Promise<void> {
    const { network } = this.#ports;
    const { tip } = synced.chain;
    if (tip === undefined) throw new Error('a chain without a genesis cannot be followed');
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    failed.catch(() => undefined);
    const { authority } = synced;
    const proof = authority === undefined ? undefined : signPeer(authority, tip.chainId, network.id);
    const following = this.#follow(synced);
    const announcements = this.#announce(synced, following);
    this.#open = { synced, following, branches: this.#followBranches(synced), announcements, proof };
    if (this.#ports.keeps === 'headers') await network.join(tip.chainId, []);
    else await network.join(tip.chainId);
    for (const { peer } of this.table.peers()) void this.#peers.greet(peer);
    void this.#announceAgain(this.#open).catch((error: unknown) => this.#fail(error));
    while (!this.#stopping.aborted) {
      if (authority === undefined && this.#isBehind() && !following.isOver) {
        await Promise.race([failed, this.#catchUp(this.#open)]);
        if (!this.#isBehind()) this.#progress.caughtUp(synced.chain.height);
      }
      await Promise.race([failed, this.#news()]);
    }
  }

  /** Announces what is new here. */
  onEvent(event: NodeEvent): void {
    if (this.#open === undefined || this.#stopping.aborted || this.#ports.keeps === 'headers') return;
    const { announcements, synced } = this.#open;
    // What is fetched is old to others; what that ends with is announced behind it.
    if (event.kind === 'committed' && !this.#isCatchingUp)
      void announcements.publishBlock(event).catch((error: unknown) => this.#fail(error));
    if (event.kind !== 'transaction') return;
    const text = synced.waitingTransaction(event.id);
    if (text !== undefined) void announcements.publishTransaction(text).catch((error: unknown) => this.#fail(error));
  }

  onConnected(connection: PeerConnection): void {
    this.#peers.connected(connection);
  }

  onDisconnected(peer: string): void {
    this.#service.forget(peer);
    this.#intake.forget(peer);
    this.#peers.disconnected(peer);
    this.#look();
  }

  onFlood(peer: string): void {
    this.#peers.cut(peer, 'flood');
  }

  answer(peer: string, request: string, signal: AbortSignal): AsyncIterable<string> {
    return this.#service.answer(peer, request, signal);
  }

  async judge(topic: Topic, text: string, peer: string): Promise<Verdict> {
    if (this.#open === undefined || this.table.find(peer) === undefined) return 'ignore';
    const { announcements } = this.#open;
    if (!this.#intake.take(peer, text.length)) {
      this.#peers.cut(peer, 'flood');
      return 'ignore';
    }
    try {
      const verdict =
        topic === 'blocks'
          ? await this.#judgeBlock(this.#open, text, peer)
          : topic === 'transactions'
            ? announcements.judgeTransaction(text)
            : announcements.judgeCandidate(text);
      if (verdict === 'reject') this.#peers.cut(peer, 'bad-announcement');
      return verdict;
    } catch (error) {
      this.#fail(error);
      return 'ignore';
    }
  }

  async #judgeBlock({ announcements, following, synced }: OpenChain, text: string, peer: string): Promise<Verdict> {
    if (synced.authority !== undefined || following.isOver) return 'ignore';
    const announced = await announcements.takeBlock(text, peer, this.#stopping);
    switch (announced?.kind) {
      case 'next':
        return announced.holds ? 'accept' : 'reject';
      case 'other':
        // All are to see what convicts an authority.
        if (await following.compare(announced.block)) return 'accept';
        if (announced.index >= synced.chain.height) void this.#peers.greet(peer);
        return 'ignore';
      default:
        return 'ignore';
    }
  }

  get #tip(): ChainToFollow['tip'] {
    return this.#open?.synced.chain.tip;
  }

  #hello(): Hello {
    const tip = this.#tip;
    const isWallet = this.#ports.keeps === 'headers';
    if (tip === undefined) return { Version: 2, Roles: [isWallet ? 'wallet' : 'full'] };
    const Chain = { ChainId: tip.chainId, Height: tip.index, Tip: tip.hash, Weight: String(tip.weight) };
    if (isWallet) return { Version: 2, Chain, Roles: ['wallet'] };
    // Every node of a chain without an authority searches for the blocks of its own people.
    if (tip.authority === undefined) return { Version: 2, Chain, Roles: ['full', 'miner'] };
    const proof = this.#open?.proof;
    if (proof === undefined) return { Version: 2, Chain, Roles: ['full'] };
    return { Version: 2, Chain, Roles: ['authority', 'full'], Proof: proof };
  }

  #welcomedChain(): WelcomedChain | undefined {
    const tip = this.#tip;
    if (tip !== undefined) return { chainId: tip.chainId, tip };
    const { chainId } = this.#ports;
    return chainId === undefined ? undefined : { chainId };
  }

  #follow({ chain }: SyncedChain): Following {
    const { store, verifySignature, listener } = this.#ports;
    return new Following({
      ...{ client: this.#asking, store, chain, verifySignature },
      peersAhead: () => this.#peersAhead(),
      cut: (peer, reason) => this.#peers.cut(peer, reason),
      progressed: () => this.#progress.progressed(chain.height, this.#highest()),
      contradictionFound: (contradiction) => listener.onSync({ kind: 'contradiction', ...contradiction }),
    });
  }

  #followBranches({ chain }: SyncedChain): BranchFollowing {
    const { clock, store } = this.#ports;
    return new BranchFollowing({
      ...{ clock, client: this.#asking, store, chain },
      heavierPeers: () => this.#heavierPeers(),
      cut: (peer, reason) => this.#peers.cut(peer, reason),
      progressed: () => this.#progress.progressed(chain.height, this.#highest()),
    });
  }

  /** Takes what peers have more: in a chain of work the heaviest branch, elsewhere the longest chain, of which there is one. */
  async #catchUp({ synced, following, branches, announcements }: OpenChain): Promise<void> {
    const { chain } = synced;
    const before = chain.tip?.hash;
    this.#isCatchingUp = true;
    try {
      if (chain.tip?.authority !== undefined) return await following.catchUp(this.#stopping);
      await branches.catchUp(this.#stopping);
    } finally {
      this.#isCatchingUp = false;
    }
    if (chain.tip?.hash !== before && this.#ports.keeps === undefined) await announcements.publishTip();
  }

  /** What still waits is announced again: peers that were out of reach have not heard of it, or not of what comes before it. */
  async #announceAgain({ announcements, synced }: OpenChain): Promise<void> {
    const { clock } = this.#ports;
    for (;;) {
      await pause(clock, limits.announceAgainMs, this.#stopping);
      for (const text of synced.waitingTransactions().slice(0, limits.announcedAgainMax)) {
        if (this.#stopping.aborted) return;
        await announcements.publishTransaction(text);
      }
      if (this.#stopping.aborted) return;
    }
  }

  #isBehind(): boolean {
    return this.#tip?.authority === undefined ? this.#heavierPeers().length > 0 : this.#peersAhead().length > 0;
  }

  #heavierPeers(): readonly HeavierPeer[] {
    const weight = this.#tip?.weight ?? 0n;
    return this.table.peers().flatMap(({ peer, hello }) => {
      const theirs = hasBlocks(hello) ? BigInt(hello.Chain.Weight) : 0n;
      return theirs > weight ? [{ peer, weight: theirs }] : [];
    });
  }

  /** The last block that any peer says to have. */
  #highest(): number {
    return Math.max(0, ...this.table.peers().map(({ hello }) => (hasBlocks(hello) ? hello.Chain.Height : 0)));
  }

  #announce(synced: SyncedChain, { follower }: Following): Announcements {
    const { clock, network, store, verifySignature } = this.#ports;
    const { chain } = synced;
    return new Announcements({
      clock,
      network,
      client: this.#client,
      store,
      chain,
      follower,
      verifySignature,
      taker: synced,
    });
  }

  #peersAhead(): readonly PeerAhead[] {
    const { height } = this.#open?.synced.chain ?? { height: -1 };
    return this.table.peers().flatMap(({ peer, hello }) => {
      return hasBlocks(hello) && hello.Chain.Height > height ? [{ peer, height: hello.Chain.Height }] : [];
    });
  }

  async #askGenesis(peer: string, { ChainId }: HelloChain): Promise<StoredBlock | undefined> {
    try {
      for await (const lines of this.#asking.blocks(peer, { From: 0 }, 1, this.#stopping)) {
        const parsed = parseStored(lines, undefined);
        if ('value' in parsed && parsed.value.block.Hash === ChainId) return parsed.value;
      }
      this.#peers.cut(peer, 'bad-answer');
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      this.#peers.cut(peer, error.isInvalid ? 'bad-answer' : 'stalled');
    }
    return undefined;
  }

  /** A peer has said how far its chain goes. */
  #heard(peer: string, said: HelloChain): void {
    this.#look();
    if (this.#open === undefined || !hasBlocks(this.table.find(peer)?.hello)) return;
    const { following, synced } = this.#open;
    const checking =
      synced.authority === undefined
        ? following.checkTip(peer, said, this.#stopping)
        : this.#checkOwn(peer, said, this.#open);
    void checking.catch((error: unknown) => this.#fail(error));
  }

  /** An authority must not go on with an old copy of its chain. */
  async #checkOwn(peer: string, said: HelloChain, { following, synced }: OpenChain): Promise<void> {
    if (!(await following.hasLostBlocks(peer, said, this.#stopping))) return;
    const { height } = synced.chain;
    throw new ChainError(
      `other nodes have block ${height + 1} of this chain, signed with the key of this server, but the chain here ends with block ${height}: it is an old copy. To make that block again would convict this server, so bring back the newer data directory`,
    );
  }

  #look(): void {
    this.#hasNews = true;
    this.#wake();
  }

  /** Resolves when there is something new to look at, or it is time to stop. */
  async #news(): Promise<void> {
    if (!this.#hasNews && !this.#stopping.aborted)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#hasNews = false;
  }
}

/** True for a peer that can be asked for the blocks of its chain: a wallet has headers alone. */
function hasBlocks(hello: Hello | undefined): hello is Hello & { readonly Chain: HelloChain } {
  return hello?.Chain !== undefined && !hello.Roles.includes('wallet');
}
