import { inTurns } from '../../base/run-to-end.ts';
import type { Clock } from '../../consensus/clock.ts';
import type { StoredBlock } from '../../consensus/engine.ts';
import { ChainVerifier } from '../../consensus/verifier.ts';
import { isTooFarAhead } from '../../consensus/work/future.ts';
import { parseExact } from '../../core/exact-json.ts';
import type { BlockStore } from '../ports.ts';
import type { ChainToFollow } from './chain-follower.ts';
import { receiptsOf } from './chain-follower.ts';
import type { CutReason } from './cut-reason.ts';
import { limits } from './limits.ts';
import { locatorOf } from './locator.ts';
import type { PeerClient } from './peer-client.ts';
import { PeerError } from './peer-network.ts';
import { parseStored, type StoredBlocks } from './stored-lines.ts';

/** A peer whose chain weighs more, as it says. */
export interface HeavierPeer {
  readonly peer: string;
  readonly weight: bigint;
}

export interface BranchFollowingPorts {
  readonly clock: Clock;
  readonly client: Pick<PeerClient, 'blocks'>;
  readonly store: StoredBlocks & Pick<BlockStore, 'blockByHash'>;
  readonly chain: ChainToFollow;
  /** The peers that say to have a heavier chain, at the moment. */
  readonly heavierPeers: () => readonly HeavierPeer[];
  readonly cut: (peer: string, reason: CutReason) => void;
  readonly progressed: () => void;
}

/** What is fetched of a peer's chain and not yet taken. */
interface Fetched {
  readonly blocks: StoredBlock[];
  bytes: number;
}

/** Follows a chain of work, where every node is equal: fetches the branches of the peers that say to have the heaviest chains, from the fork point on. */
export class BranchFollowing {
  readonly #ports: BranchFollowingPorts;
  readonly #bytesMax: number;

  /** @param bytesMax what may be held of a branch before it is known to be heavier */
  constructor(ports: BranchFollowingPorts, bytesMax: number = limits.branchBytesMax) {
    this.#ports = ports;
    this.#bytesMax = bytesMax;
  }

  /** Resolves when each peer that said to have a heavier chain was asked for it. Rejects as `Chain.adopt` does. */
  async catchUp(stopping: AbortSignal): Promise<void> {
    const asked = new Set<string>();
    while (!stopping.aborted) {
      const others = this.#ports.heavierPeers().filter(({ peer }) => !asked.has(peer));
      const heaviest = others.toSorted((one, other) => (one.weight < other.weight ? 1 : -1));
      // Several at once: one that stalls is not to keep us from the others.
      const next = heaviest.slice(0, limits.branchesMax);
      if (next.length === 0) return;
      for (const { peer } of next) asked.add(peer);
      await Promise.all(next.map((peer) => this.#fetch(peer, stopping)));
    }
  }

  async #fetch({ peer, weight }: HeavierPeer, stopping: AbortSignal): Promise<void> {
    const { cut } = this.#ports;
    try {
      const misdeed = await this.#take(peer, weight, stopping);
      if (misdeed !== undefined) cut(peer, misdeed);
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      if (!stopping.aborted) cut(peer, error.isInvalid ? 'bad-answer' : 'stalled');
    }
  }

  /** Takes what a peer's chain has behind the fork point, request by request. Returns what the peer did wrong. */
  async #take(peer: string, weight: bigint, stopping: AbortSignal): Promise<CutReason | undefined> {
    const { clock, client, store } = this.#ports;
    let verifier: ChainVerifier | undefined;
    const fetched: Fetched = { blocks: [], bytes: 0 };
    const first = await locatorOf(store);
    let locator = first;
    for (;;) {
      let last: string | undefined;
      for await (const lines of client.blocks(peer, { Locator: locator }, limits.blocksPerRequestMax, stopping)) {
        const before = prevHashOf(lines.block);
        // The chain of the peer is another one since the last request.
        if (last === undefined && locator !== first && before !== locator[0]) return this.#store(fetched);
        verifier ??= await this.#verifierBehind(before);
        // Our own chain is another one since the locator was made.
        if (verifier === undefined && first.includes(before)) return undefined;
        const parsed = parseStored(lines, verifier?.tip?.form);
        if (verifier === undefined || 'why' in parsed) return 'bad-block';
        const { block } = parsed.value;
        // What does not hold by itself is not kept until all is judged.
        const checked = await inTurns(clock, verifier.nextInSteps(parseExact(lines.block)));
        // The peer has taken another branch in the middle of its answer.
        if ('fault' in checked) return checked.fault.rule === 'prev-hash' ? this.#store(fetched) : 'bad-block';
        // Not yet, and no fault of the peer, whose clock may be the right one.
        if (isTooFarAhead(block.Timestamp, clock)) return this.#store(fetched);
        fetched.blocks.push(parsed.value);
        fetched.bytes += lines.block.length + (lines.beside?.length ?? 0);
        last = block.Hash;
        if (fetched.bytes > this.#bytesMax) {
          const misdeed = await this.#store(fetched);
          if (misdeed !== undefined) return misdeed;
          // Where this much is heavier already, the rest is no branch any more.
          if ((await store.blockByHash(last)) === undefined) return 'long-branch';
        }
        const isExtension = fetched.blocks[0] !== undefined && this.#isNext(fetched.blocks[0]);
        if (!isExtension || fetched.blocks.length < limits.blocksPerWrite) continue;
        const misdeed = await this.#store(fetched);
        if (misdeed !== undefined) return misdeed;
      }
      if (last === undefined) return (await this.#store(fetched)) ?? this.#findBoast(weight);
      locator = [last];
    }
  }

  /** What judges the blocks of a branch by themselves, from the block on that it begins behind; undefined where that is none of ours. */
  async #verifierBehind(before: string): Promise<ChainVerifier | undefined> {
    const { chain, store } = this.#ports;
    const text = await store.blockByHash(before);
    const [, index] = /^\{"Index":(\d+),/.exec(text ?? '') ?? [];
    const tip = index === undefined ? undefined : await chain.tipAt(Number(index));
    // Work needs no signature.
    return tip === undefined ? undefined : new ChainVerifier(() => false, { tip });
  }

  /** A peer has given all that it has: it should weigh what it said. */
  #findBoast(weight: bigint): CutReason | undefined {
    return weight > (this.#ports.chain.tip?.weight ?? 0n) ? 'short-answer' : undefined;
  }

  #isNext({ block }: StoredBlock): boolean {
    return block.PrevHash === this.#ports.chain.tip?.hash;
  }

  /** Takes what was fetched in place of the end of the chain, or behind it. */
  async #store(fetched: Fetched): Promise<CutReason | undefined> {
    const { chain, progressed } = this.#ports;
    const blocks = fetched.blocks.splice(0);
    fetched.bytes = 0;
    if (blocks.length === 0) return undefined;
    const adoption = await chain.adopt(blocks, receiptsOf);
    progressed();
    return adoption.kind === 'fault' ? 'bad-block' : undefined;
  }
}

/** The hash of the block that a block says to stand behind; empty where it says none. */
function prevHashOf(block: string): string {
  return /"PrevHash":"([0-9a-f]{64})"/.exec(block)?.[1] ?? '';
}
