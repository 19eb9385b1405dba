import type { Clock } from '../../consensus/clock.ts';
import { isTooFarAhead } from '../../consensus/work/future.ts';
import { parseExact } from '../../core/exact-json.ts';
import type { VerifySignature } from '../../core/keys.ts';
import { isTimestamp } from '../../core/timestamp.ts';
import { LedgerRules } from '../../ledger/ledger-rules.ts';
import type { CommittedEvent } from '../ports.ts';
import type { ChainFollower, ChainToFollow } from './chain-follower.ts';
import { limits } from './limits.ts';
import type { PeerClient } from './peer-client.ts';
import { PeerError, type PeerNetwork, type Verdict } from './peer-network.ts';
import { type BlockLines, linesOf, type StoredBlocks } from './stored-lines.ts';

/** What takes transactions and candidates that peers announce, and whose form and signature hold. Returns true for what is passed on. */
export interface AnnouncedTaker {
  /** True also for what waits here already: it is announced again for those who have not heard of it, and this node may be between them. */
  takeTransaction(json: unknown): boolean;
  takeCandidate(json: unknown): boolean;
}

/** What an announced block is to this node. `next`: it was taken, or breaks a rule; `other`: it stands in the place of another one, or far ahead. */
export type AnnouncedBlock =
  | { readonly kind: 'next'; readonly holds: boolean }
  | { readonly kind: 'known' }
  | { readonly kind: 'other'; readonly index: number; readonly block: string };

export interface AnnouncementsPorts {
  readonly clock: Pick<Clock, 'timestamp'>;
  readonly network: PeerNetwork;
  readonly client: PeerClient;
  readonly store: StoredBlocks;
  readonly chain: ChainToFollow;
  readonly follower: ChainFollower;
  readonly verifySignature: VerifySignature;
  readonly taker: AnnouncedTaker;
}

/** Announces what is new here, and judges what others announce before it is passed on: nothing that does not hold goes further than one hop. */
export class Announcements {
  readonly #ports: AnnouncementsPorts;
  /** Texts that came from peers and are being taken: they are passed on, and need no announcement. */
  readonly #taking = new Set<string>();

  constructor(ports: AnnouncementsPorts) {
    this.#ports = ports;
  }

  /** Announces a block that was made here. */
  async publishBlock({ block, text }: CommittedEvent): Promise<void> {
    if (!this.#taking.has(text)) await this.#publishBlock(block.Index, text);
  }

  async #publishBlock(index: number, text: string): Promise<void> {
    const { network, store, chain } = this.#ports;
    if (chain.tip === undefined) return;
    const { beside } = await linesOf(store, chain.tip.form, index, text);
    const whole = `${text}\n${beside}`;
    await network.publish('blocks', whole.length > limits.announcementBytesMax ? text : whole);
  }

  /** Announces the last block. */
  async publishTip(): Promise<void> {
    const { chain, store } = this.#ports;
    const [text] = await store.blockRange(chain.height, chain.height);
    if (text !== undefined) await this.#publishBlock(chain.height, text);
  }

  /** Announces a transaction that waits here. */
  async publishTransaction(text: string): Promise<void> {
    if (!this.#taking.has(text)) await this.#ports.network.publish('transactions', text);
  }

  /** Takes an announced block where it is the next one. */
  async takeBlock(text: string, peer: string, signal: AbortSignal): Promise<AnnouncedBlock | undefined> {
    const { clock, chain, follower, store } = this.#ports;
    const [block = '', beside, ...others] = text.split('\n');
    const place = placeOf(block);
    if (place === undefined || others.length > 0) return { kind: 'next', holds: false };
    const { tip } = chain;
    if (tip === undefined) return undefined;
    if (place.hash === tip.hash) return { kind: 'known' };
    if (place.index !== tip.index + 1 || place.prevHash !== tip.hash)
      return { kind: 'other', index: place.index, block };
    const lines = beside === undefined ? await this.#fetch(block, place.index, peer, signal) : { block, beside };
    if (lines === undefined) return undefined;
    if (tip.form.kind === 'work' && isTooFarAhead(place.timestamp, clock)) return undefined;
    this.#taking.add(block);
    try {
      const { fault } = await follower.take(place.index, [lines]);
      const [taken] = await store.blockRange(place.index, place.index);
      if (taken === block) return { kind: 'next', holds: true };
      // Another block came first, which may be one of our own.
      if (fault === undefined || fault.rule === 'index' || fault.rule === 'prev-hash') return undefined;
      return { kind: 'next', holds: false };
    } finally {
      this.#taking.delete(block);
    }
  }

  judgeTransaction(text: string): Verdict {
    const json = parseExact(text);
    const rules = this.#rules();
    if (rules === undefined || 'why' in rules.checkTransaction(json)) return 'reject';
    this.#taking.add(text);
    const isWaiting = this.#ports.taker.takeTransaction(json);
    this.#taking.delete(text);
    return isWaiting ? 'accept' : 'ignore';
  }

  judgeCandidate(text: string): Verdict {
    const json = parseExact(text);
    const rules = this.#rules();
    if (rules === undefined || 'why' in rules.checkCandidate(json)) return 'reject';
    return this.#ports.taker.takeCandidate(json) ? 'accept' : 'ignore';
  }

  /** What lies beside a block that was too large to be announced whole. */
  async #fetch(block: string, index: number, peer: string, signal: AbortSignal): Promise<BlockLines | undefined> {
    try {
      for await (const lines of this.#ports.client.blocks(peer, { From: index }, 1, signal))
        return lines.block === block ? lines : undefined;
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
    }
    return undefined;
  }

  #rules(): LedgerRules | undefined {
    const terms = this.#ports.chain.tip?.ledger?.terms;
    return terms === undefined ? undefined : new LedgerRules(terms, this.#ports.verifySignature);
  }
}

/** Where a block says that it stands. */
interface Place {
  readonly index: number;
  readonly timestamp: string;
  readonly hash: string;
  readonly prevHash: string;
}

/** The same for a text; undefined where that is no block. */
function placeOf(text: string): Place | undefined {
  const json = parseExact(text);
  if (typeof json !== 'object' || json === null) return undefined;
  if (!('Index' in json && 'Timestamp' in json && 'Hash' in json && 'PrevHash' in json)) return undefined;
  const { Index, Timestamp, Hash, PrevHash } = json;
  if (typeof Index !== 'number' || typeof Hash !== 'string' || typeof PrevHash !== 'string') return undefined;
  return isTimestamp(Timestamp) ? { index: Index, timestamp: Timestamp, hash: Hash, prevHash: PrevHash } : undefined;
}
