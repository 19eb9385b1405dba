import type { BrokenRule } from '../../consensus/consensus.ts';
import type { ChainFollower, ChainToFollow } from './chain-follower.ts';
import type { CutReason } from './cut-reason.ts';
import { Download, type Range, type ReceivedBlock } from './download.ts';
import { limits } from './limits.ts';
import type { PeerClient } from './peer-client.ts';
import { PeerError } from './peer-network.ts';

/** A peer that has more blocks. */
export interface PeerAhead {
  readonly peer: string;
  readonly height: number;
}

export interface CatchUpPorts {
  readonly client: Pick<PeerClient, 'blocks'>;
  readonly chain: ChainToFollow;
  readonly follower: ChainFollower;
  /** The peers that have more blocks than this node at the moment. */
  readonly peersAhead: () => readonly PeerAhead[];
  readonly cut: (peer: string, reason: CutReason) => void;
  /** A peer gave a block that breaks a rule. */
  readonly faultFound: (peer: string, fault: BrokenRule) => Promise<void>;
  /** Blocks were stored. */
  readonly progressed: () => void;
}

/** Fetches the blocks that are missing, from all peers that have them at once, and stores them as they come. */
export class CatchUp {
  readonly #ports: CatchUpPorts;
  readonly #stopping: AbortSignal;
  readonly #fetching = new Map<string, Promise<void>>();
  /** Ends all requests when the last block is stored. */
  readonly #ending = new AbortController();
  readonly #download: Download;
  #failure: { readonly error: unknown } | undefined;
  #wakes: (() => void)[] = [];

  constructor(ports: CatchUpPorts, stopping: AbortSignal) {
    this.#ports = ports;
    this.#stopping = stopping;
    this.#download = new Download(ports.chain.height + 1);
  }

  /** Resolves when no peer that can be asked has more blocks. Rejects as `Chain.accept` does. */
  async run(): Promise<void> {
    const stop = (): void => {
      this.#ending.abort(this.#stopping.reason);
      this.#wakeAll();
    };
    this.#stopping.addEventListener('abort', stop, { once: true });
    if (this.#stopping.aborted) stop();
    try {
      while (!this.#ending.signal.aborted) {
        this.#askAll();
        const ready = this.#download.next(limits.blocksPerWrite);
        if (ready.length > 0) await this.#store(ready);
        else if (this.#fetching.size > 0) await this.#changed();
        else return;
        if (this.#failure !== undefined) throw this.#failure.error;
      }
    } finally {
      this.#stopping.removeEventListener('abort', stop);
      this.#ending.abort();
      this.#wakeAll();
      await Promise.all(this.#fetching.values());
    }
  }

  #askAll(): void {
    for (const { peer, height } of this.#ports.peersAhead()) {
      if (this.#fetching.has(peer)) continue;
      const range = this.#download.assign(peer, height);
      if (range === undefined) continue;
      const fetching = this.#fetch(peer, range)
        .catch((error: unknown) => {
          this.#failure ??= { error };
        })
        .finally(() => {
          this.#fetching.delete(peer);
          this.#wakeAll();
        });
      this.#fetching.set(peer, fetching);
    }
  }

  async #fetch(peer: string, { first, last }: Range): Promise<void> {
    const { client, cut } = this.#ports;
    try {
      for await (const lines of client.blocks(peer, { From: first }, last + 1 - first, this.#ending.signal)) {
        while (!this.#download.hasRoom(peer) && !this.#ending.signal.aborted) await this.#changed();
        if (!this.#download.received(peer, lines)) return;
        this.#wakeAll();
      }
      if (this.#download.ended(peer) > 0) cut(peer, 'short-answer');
    } catch (error) {
      this.#download.ended(peer);
      if (this.#ending.signal.aborted) return;
      if (!(error instanceof PeerError)) throw error;
      cut(peer, error.isInvalid ? 'bad-answer' : 'stalled');
    }
  }

  async #store(ready: readonly ReceivedBlock[]): Promise<void> {
    const { follower, progressed, faultFound } = this.#ports;
    const taken = await follower.take(
      this.#download.nextIndex,
      ready.map(({ lines }) => lines),
    );
    this.#download.advance(Math.min(taken.count, ready.length));
    const liar = ready[taken.count]?.peer;
    if (taken.fault !== undefined && liar !== undefined) {
      this.#download.discard(liar);
      await faultFound(liar, taken.fault);
    }
    this.#wakeAll();
    progressed();
  }

  /** Resolves as soon as anything has changed. */
  #changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakes.push(resolve);
    });
  }

  #wakeAll(): void {
    for (const wake of this.#wakes.splice(0)) wake();
  }
}
