import type { InstantBlock } from '../../core/block.ts';
import { authorityText, contentHash, type InstantContent } from '../../core/block-hash.ts';
import { blockOf } from '../../core/build-block.ts';
import type { GroupSigner } from '../../core/keys.ts';
import type { Candidate } from '../../core/pool.ts';
import type { Clock } from '../clock.ts';
import type { StoredBlock } from '../engine.ts';
import type { Tip } from '../verifier.ts';
import { limits } from './limits.ts';

/** What the next block has to know of the one before it. */
export type Predecessor = Pick<Tip, 'index' | 'hash' | 'timestamp'>;

/** A block with all that is stored of it. */
export interface InstantStoredBlock extends StoredBlock {
  readonly block: InstantBlock;
}

interface Draft {
  readonly content: InstantContent;
  readonly hash: string;
  /** The text that is signed. */
  readonly message: string;
}

/**
 * Blocks that follow each other, on their way to be signed. A Hash does not cover the Signature, so each block is hashed at once behind the one
 * before it, and all signatures are made meanwhile, beside the event loop. A draft that is thrown away leaves this process with nothing.
 */
export class GroupDraft {
  readonly #clock: Clock;
  readonly #authority: GroupSigner;
  readonly #chainId: string;
  readonly #drafts: Draft[] = [];
  /** The signatures of the first drafts, in portions. */
  readonly #portions: Promise<readonly string[]>[] = [];
  #sent = 0;
  /** What was signed here, by its text: as many as the group has blocks, and gone with it. */
  readonly #signed = new Map<string, string>();
  #end: Predecessor;

  constructor(clock: Clock, authority: GroupSigner, chainId: string, predecessor: Predecessor) {
    this.#clock = clock;
    this.#authority = authority;
    this.#chainId = chainId;
    this.#end = predecessor;
  }

  get length(): number {
    return this.#drafts.length;
  }

  /** The last block, or where there is none the predecessor of the group. */
  get end(): Predecessor {
    return this.#end;
  }

  /** Adds the block that a candidate becomes, and has it signed. */
  add({ validator, payload }: Candidate): void {
    const now = this.#clock.timestamp();
    // The wall clock may have gone back; the chain's time never does (SPEC 4).
    const timestamp = now < this.#end.timestamp ? this.#end.timestamp : now;
    const index = this.#end.index + 1;
    const content = {
      Index: index,
      Timestamp: timestamp,
      BPM: payload,
      PrevHash: this.#end.hash,
      Validator: validator,
    };
    const hash = contentHash(content);
    const message = authorityText(this.#chainId, index, hash);
    this.#drafts.push({ content, hash, message });
    this.#end = { index, hash, timestamp };
    if (this.#drafts.length - this.#sent >= limits.blocksPerPortion) this.#sign();
  }

  /** The blocks, once all are signed. */
  async signed(): Promise<readonly InstantStoredBlock[]> {
    if (this.#sent < this.#drafts.length) this.#sign();
    const signatures = (await Promise.all(this.#portions)).flat();
    return this.#drafts.map(({ content, hash, message }, place) => {
      const signature = signatures[place] ?? '';
      this.#signed.set(message, signature);
      const block = blockOf(content, hash, signature);
      return { block, text: JSON.stringify(block), body: [] };
    });
  }

  /** Has those signed that are not yet. */
  #sign(): void {
    const portion = this.#authority.signAll(this.#drafts.slice(this.#sent).map(({ message }) => message));
    // A draft may be thrown away; `signed` rejects with what failed otherwise.
    portion.catch(() => undefined);
    this.#portions.push(portion);
    this.#sent = this.#drafts.length;
  }

  /** True when `signed` has given this very signature of this text. */
  hasSigned(key: string, message: string | Uint8Array, signature: string): boolean {
    return key === this.#authority.key && typeof message === 'string' && this.#signed.get(message) === signature;
  }
}
