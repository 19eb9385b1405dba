import type { BrokenRule } from '../../consensus/consensus.ts';
import type { SealedBlock } from '../../core/block.ts';
import { parseExact } from '../../core/exact-json.ts';
import type { VerifySignature } from '../../core/keys.ts';
import { parseSealedBlock } from '../../core/parse-block.ts';
import type { BlockStore } from '../ports.ts';
import { CatchUp, type PeerAhead } from './catch-up.ts';
import { ChainFollower, type ChainToFollow } from './chain-follower.ts';
import { type Contradiction, contradicts, isSigned } from './contradiction.ts';
import type { CutReason } from './cut-reason.ts';
import type { HelloChain } from './hello.ts';
import { locatorOf } from './locator.ts';
import type { PeerClient } from './peer-client.ts';
import { PeerError } from './peer-network.ts';
import type { StoredBlocks } from './stored-lines.ts';

export interface FollowingPorts {
  readonly client: Pick<PeerClient, 'blocks'>;
  readonly store: StoredBlocks & Pick<BlockStore, 'block'>;
  readonly chain: ChainToFollow;
  readonly verifySignature: VerifySignature;
  readonly peersAhead: () => readonly PeerAhead[];
  readonly cut: (peer: string, reason: CutReason) => void;
  readonly progressed: () => void;
  /** The authority has convicted itself: from here on nothing is taken any more. */
  readonly contradictionFound: (contradiction: Contradiction) => void;
}

/** Follows the chain of an authority: takes what comes next, and finds out whether the authority has signed two blocks of one Index. */
export class Following {
  readonly follower: ChainFollower;
  readonly #ports: FollowingPorts;
  #contradiction: Contradiction | undefined;

  constructor(ports: FollowingPorts) {
    this.#ports = ports;
    this.follower = new ChainFollower(ports.chain);
  }

  /** True once the authority has convicted itself. */
  get isOver(): boolean {
    return this.#contradiction !== undefined;
  }

  /** Fetches and stores what peers have more. Rejects as `Chain.accept` does. */
  async catchUp(stopping: AbortSignal): Promise<void> {
    const { client, chain, peersAhead, cut, progressed } = this.#ports;
    const ending = new AbortController();
    const catchUp = new CatchUp(
      {
        client,
        chain,
        follower: this.follower,
        peersAhead: () => (this.isOver ? [] : peersAhead()),
        cut,
        progressed,
        faultFound: async (peer, fault) => {
          await this.faultFound(peer, fault, stopping);
          if (this.isOver) ending.abort();
        },
      },
      AbortSignal.any([stopping, ending.signal]),
    );
    await catchUp.run();
  }

  /** A peer gave a block that breaks a rule. Where it does not follow ours, the authority may have made two chains. */
  async faultFound(peer: string, { rule }: BrokenRule, stopping: AbortSignal): Promise<void> {
    if (rule === 'prev-hash' || rule === 'index') await this.investigate(peer, stopping);
    else this.#ports.cut(peer, 'bad-block');
  }

  /** Compares what a peer says of its last block with the block that we have there. */
  async checkTip(peer: string, { Height, Tip }: HelloChain, stopping: AbortSignal): Promise<void> {
    const { chain, store } = this.#ports;
    if (this.isOver || chain.tip?.authority === undefined) return;
    const text = await store.block(Height);
    if (text !== undefined && !text.includes(`"Hash":"${Tip}"`)) await this.investigate(peer, stopping);
  }

  /**
   * For an authority: true where a peer has the block behind our last one, signed with our key. We made it, so our chain is an old copy of what it was, and
   * the next block that we made would be a second one of its Index.
   */
  async hasLostBlocks(peer: string, { Height }: HelloChain, stopping: AbortSignal): Promise<boolean> {
    const { client, chain, verifySignature } = this.#ports;
    const { tip } = chain;
    if (tip?.authority === undefined || Height <= tip.index) return false;
    const { authority, chainId } = tip;
    try {
      for await (const { block } of client.blocks(peer, { From: tip.index + 1 }, 1, stopping)) {
        const parsed = parseSealedBlock(parseExact(block), tip.form);
        if ('why' in parsed || parsed.value.Index !== chain.height + 1) return false;
        return isSigned(parsed.value, { authority, chainId }, verifySignature);
      }
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
    }
    return false;
  }

  /** A peer has another block than we in some place. Either the authority signed both, or the peer lies. */
  async investigate(peer: string, stopping: AbortSignal): Promise<void> {
    const { client, store, cut } = this.#ports;
    try {
      const from = { Locator: await locatorOf(store) };
      for await (const { block } of client.blocks(peer, from, 1, stopping)) {
        if (await this.compare(block)) return;
      }
      cut(peer, 'bad-block');
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      if (!stopping.aborted) cut(peer, error.isInvalid ? 'bad-answer' : 'stalled');
    }
  }

  /** Compares a block with the one that we have in its place. Returns true where the authority has signed both. */
  async compare(theirs: string): Promise<boolean> {
    const { chain, store, verifySignature, contradictionFound } = this.#ports;
    const { tip } = chain;
    if (this.isOver || tip?.authority === undefined) return this.isOver;
    const parse = (text: string): SealedBlock | undefined => {
      const parsed = parseSealedBlock(parseExact(text), tip.form);
      return 'why' in parsed ? undefined : parsed.value;
    };
    const other = parse(theirs);
    const text = other === undefined ? undefined : await store.block(other.Index);
    const own = text === undefined ? undefined : parse(text);
    if (text === undefined || own === undefined || other === undefined) return false;
    const { authority, chainId } = tip;
    if (!contradicts(own, other, { authority, chainId }, verifySignature)) return false;
    if (this.isOver) return true;
    this.#contradiction = { index: own.Index, blocks: [text, theirs] };
    contradictionFound(this.#contradiction);
    return true;
  }
}
