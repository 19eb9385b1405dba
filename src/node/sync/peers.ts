import type { Clock } from '../../consensus/clock.ts';
import type { Tip } from '../../consensus/verifier.ts';
import type { VerifySignature } from '../../core/keys.ts';
import type { CutReason } from './cut-reason.ts';
import { Dialler } from './dialler.ts';
import { type Hello, type HelloChain, isClaimProved } from './hello.ts';
import { limits } from './limits.ts';
import { pause } from './pause.ts';
import type { PeerClient } from './peer-client.ts';
import { type PeerConnection, PeerError, type PeerNetwork } from './peer-network.ts';
import { PeerTable } from './peer-table.ts';
import type { SyncListener } from './sync-event.ts';

/** The chain whose nodes are welcome. */
export interface WelcomedChain {
  readonly chainId: string;
  /** Undefined where its genesis is not known yet. */
  readonly tip?: Pick<Tip, 'authority'>;
}

export interface PeersPorts {
  readonly clock: Clock;
  readonly network: PeerNetwork;
  readonly client: PeerClient;
  readonly verifySignature: VerifySignature;
  readonly listener: SyncListener;
  /** Addresses that the operator named. */
  readonly addresses: readonly string[];
  /** What this node says of itself. */
  readonly hello: () => Hello;
  /** Undefined while any chain is welcome. */
  readonly chain: () => WelcomedChain | undefined;
  /** A peer has said how far its chain goes. */
  readonly heard: (peer: string, chain: HelloChain) => void;
}

/** Keeps company: dials, lets in, greets as a heartbeat, and cuts peers that are silent or do not belong here. */
export class Peers {
  readonly table: PeerTable;
  readonly #ports: PeersPorts;
  readonly #dialler: Dialler;
  readonly #greeting = new Set<string>();
  #stopping: AbortSignal = AbortSignal.abort();

  constructor(ports: PeersPorts) {
    this.#ports = ports;
    this.table = new PeerTable(ports.clock);
    this.#dialler = new Dialler(ports.clock, ports.network, ports.addresses);
  }

  /** Resolves when it is to stop. */
  async run(stopping: AbortSignal): Promise<void> {
    const { clock } = this.#ports;
    this.#stopping = stopping;
    let greetMs = clock.monotonicMs();
    while (!stopping.aborted) {
      const nowMs = clock.monotonicMs();
      const dialMs = this.#dialler.dialNamed((peer) => this.table.find(peer) !== undefined);
      if (nowMs >= greetMs) {
        this.#cutSilent(nowMs);
        for (const { peer } of this.table.peers()) void this.greet(peer);
        this.#dialFound(this.#ports.network.foundAddresses);
        greetMs = nowMs + limits.heartbeatMs;
      }
      // A dial that is under way may fail, and is then due again.
      const nextMs = Math.min(greetMs, dialMs ?? greetMs, nowMs + limits.redialMinMs);
      await pause(clock, nextMs - nowMs, stopping);
    }
  }

  connected(connection: PeerConnection): void {
    const refused = this.table.admit(connection, this.#dialler.isNamed(connection.peer));
    if (refused === undefined) void this.greet(connection.peer);
    else this.#end(connection, refused);
  }

  disconnected(peer: string): void {
    const known = this.table.find(peer);
    this.table.remove(peer);
    this.#dialler.gone(peer);
    if (known?.hello !== undefined) this.#ports.listener.onSync({ kind: 'peer-gone', peer });
  }

  /** Greets a peer, unless that is being done. Never rejects. */
  async greet(peer: string): Promise<void> {
    const { clock, client, hello } = this.#ports;
    if (this.#greeting.has(peer) || this.#stopping.aborted) return;
    this.#greeting.add(peer);
    const sinceMs = clock.monotonicMs();
    try {
      const answer = await client.greet(peer, hello(), this.#stopping);
      const isNew = this.table.find(peer)?.latencyMs === undefined;
      if (this.greeted(peer, answer, clock.monotonicMs() - sinceMs) && isNew) await this.#lookAround(peer);
    } catch (error) {
      // One that is only slow is looked at again at the next heartbeat.
      if (error instanceof PeerError && error.isInvalid) this.cut(peer, 'bad-answer');
    } finally {
      this.#greeting.delete(peer);
    }
  }

  /** A peer has said what it is. Returns false where it does not belong here, and is cut. */
  greeted(peer: string, hello: Hello, latencyMs?: number): boolean {
    const known = this.table.find(peer);
    if (known === undefined) return false;
    const misfit = this.#findMisfit(peer, hello);
    if (misfit !== undefined) {
      this.cut(peer, misfit);
      return false;
    }
    this.table.greeted(peer, hello, latencyMs);
    if (known.hello === undefined) this.#ports.listener.onSync({ kind: 'peer-greeted', peer, host: known.host });
    if (hello.Chain !== undefined) this.#ports.heard(peer, hello.Chain);
    return true;
  }

  /** Ends the connection to a peer for a reason. Nothing happens where there is none. */
  cut(peer: string, reason: CutReason): void {
    const known = this.table.find(peer);
    if (known !== undefined) this.#end(known, reason);
  }

  #end(connection: PeerConnection, reason: CutReason): void {
    const { network, listener } = this.#ports;
    const { peer, host } = connection;
    this.table.cut(connection, reason);
    listener.onSync({ kind: 'peer-cut', peer, host, reason });
    network.cut(peer);
  }

  #findMisfit(peer: string, hello: Hello): CutReason | undefined {
    const chain = this.#ports.chain();
    if (chain === undefined) return undefined;
    if (hello.Chain !== undefined && hello.Chain.ChainId !== chain.chainId) return 'other-chain';
    if (chain.tip === undefined) return undefined;
    return isClaimProved(hello, peer, chain.tip.authority, this.#ports.verifySignature) ? undefined : 'false-authority';
  }

  #cutSilent(nowMs: number): void {
    for (const { peer, heardMs } of this.table.peers())
      if (nowMs - heardMs > limits.silenceMs) this.cut(peer, 'silent');
  }

  /** Asks a new peer for others, while there are few. */
  async #lookAround(peer: string): Promise<void> {
    if (this.table.size < limits.peersWanted) this.#dialFound(await this.#ports.client.peers(peer, this.#stopping));
  }

  /** Dials addresses that were heard of, while there are few peers. */
  #dialFound(addresses: readonly string[]): void {
    this.#dialler.dialFound(addresses, limits.peersWanted - this.table.size);
  }
}
