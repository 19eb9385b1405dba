import type { Clock } from '../../consensus/clock.ts';
import { banOf, type CutReason } from './cut-reason.ts';
import type { Hello } from './hello.ts';
import { limits } from './limits.ts';
import { isPrivate, networkOf } from './peer-group.ts';
import type { PeerConnection } from './peer-network.ts';

/** What is known of a peer. */
export interface Peer extends PeerConnection {
  /** What it said of itself last; undefined before it did. */
  readonly hello: Hello | undefined;
  /** From a greeting to its answer, ms; undefined before the first. */
  readonly latencyMs: number | undefined;
  /** When it was heard of last, on the monotonic clock. */
  readonly heardMs: number;
}

/** A peer that was cut. */
export interface Cut {
  readonly peer: string;
  readonly host: string;
  readonly reason: CutReason;
  readonly atMs: number;
}

/**
 * The peers of a node: who is let in, what each says, who was cut and why. So that a node cannot be surrounded by many peers of one network, each
 * network has a share of the places of those who dial, and few of those whom the node dials itself, which are kept free for that.
 */
export class PeerTable {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #peers = new Map<string, Peer>();
  /** When a peer that was cut is let in again, on the monotonic clock; the oldest cut first. */
  readonly #bans = new Map<string, number>();
  readonly #counts = new Map<CutReason, number>();
  #lastCuts: readonly Cut[] = [];

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#peers.size;
  }

  /** All peers, in the order in which they came. */
  peers(): readonly Peer[] {
    return [...this.#peers.values()];
  }

  find(peer: string): Peer | undefined {
    return this.#peers.get(peer);
  }

  /** How many peers were cut for each reason. */
  get cutCounts(): ReadonlyMap<CutReason, number> {
    return this.#counts;
  }

  /** The last peers that were cut, the latest last. */
  get lastCuts(): readonly Cut[] {
    return this.#lastCuts;
  }

  /**
   * Lets a peer in that has connected, or says why not.
   * @param isNamed true for a peer that the operator named, which is always let in
   */
  admit(connection: PeerConnection, isNamed: boolean): CutReason | undefined {
    const { peer } = connection;
    const refused = isNamed ? undefined : this.#findRefusal(connection);
    if (refused !== undefined) return refused;
    const heardMs = this.#clock.monotonicMs();
    this.#peers.set(peer, { ...connection, hello: undefined, latencyMs: undefined, heardMs });
    return undefined;
  }

  /** True while a peer is kept away, because of what it did. */
  isBanned(peer: string): boolean {
    return (this.#bans.get(peer) ?? 0) > this.#clock.monotonicMs();
  }

  /** A peer has said what it is, maybe in answer to a greeting. */
  greeted(peer: string, hello: Hello, latencyMs?: number): void {
    const known = this.#peers.get(peer);
    if (known === undefined) return;
    const latency = latencyMs ?? known.latencyMs;
    this.#peers.set(peer, { ...known, hello, latencyMs: latency, heardMs: this.#clock.monotonicMs() });
  }

  /** A peer is gone, whichever side ended the connection. */
  remove(peer: string): void {
    this.#peers.delete(peer);
  }

  /** A peer is cut, or was not let in: counts that, and keeps it away for a time that depends on the reason. */
  cut({ peer, host }: Pick<PeerConnection, 'peer' | 'host'>, reason: CutReason): void {
    const atMs = this.#clock.monotonicMs();
    this.#peers.delete(peer);
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    this.#lastCuts = [...this.#lastCuts, { peer, host, reason, atMs }].slice(-limits.cutsKeptMax);
    const ban = banOf(reason);
    if (ban === 0) return;
    this.#bans.delete(peer);
    this.#bans.set(peer, atMs + ban);
    const [oldest] = this.#bans.keys();
    if (this.#bans.size > limits.bansMax && oldest !== undefined) this.#bans.delete(oldest);
  }

  #findRefusal({ peer, host, isInbound }: PeerConnection): CutReason | undefined {
    if (this.isBanned(peer)) return 'banned';
    if (this.#peers.size >= limits.peersMax) return 'full';
    const alike = this.peers().filter((other) => other.isInbound === isInbound);
    if (alike.length >= (isInbound ? limits.peersMax - limits.dialledPeersMax : limits.dialledPeersMax)) return 'full';
    if (!isInbound && isPrivate(host)) return undefined;
    const share = isInbound ? limits.inboundPerNetworkMax : limits.dialledPerNetworkMax;
    return countOf(alike, networkOf(host)) < share ? undefined : 'network-full';
  }
}

/** How many of these peers belong to a network; none where it is not counted. */
function countOf(peers: readonly Peer[], network: string | undefined): number {
  return network === undefined ? 0 : peers.filter(({ host }) => networkOf(host) === network).length;
}
