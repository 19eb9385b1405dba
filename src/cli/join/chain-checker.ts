import { createHash, type Hash } from 'node:crypto';
import { pluralizeCount, withThousands } from '../../base/formatting.ts';
import { ChainVerifier, type Tip } from '../../consensus/verifier.ts';
import { type DrawnBlock, isDrawn } from '../../core/block.ts';
import { parseExact } from '../../core/exact-json.ts';
import { isUnreleased } from '../../core/parse-genesis.ts';
import { nativeVerifier } from '../../platform/ed25519.ts';
import { Announcements } from './announcements.ts';
import { limits } from './limits.ts';
import type { ServerEvent } from './server-event.ts';

/** Enough to find the block of every announcement that is kept. */
const blocksKept = limits.announcementsMax + limits.announcedAheadMax;

/** The result of a received chain: it holds, or the first thing that does not; `why` is one printable sentence. */
export type ChainCheckResult =
  | {
      readonly kind: 'holds';
      readonly blocks: number;
      readonly newest: DrawnBlock | undefined;
      /** How many announced winners were found in it since the chain before. */
      readonly winners: number;
    }
  | { readonly kind: 'broken'; readonly why: string }
  /** Its format was never released. */
  | { readonly kind: 'unreleased' };

/** A chain that held: its tip, and the SHA-256 of the texts of all its blocks. */
interface HeldChain {
  readonly tip: Tip;
  readonly digest: string;
}

/** A chain that is being received. */
class ReceivedChain {
  /** Of all blocks so far. */
  readonly texts: Hash = createHash('sha256');
  count = 0;
  verifier: ChainVerifier;
  fault: string | undefined;
  isUnreleased = false;
  /** The last of the blocks that were not in the chain before. */
  readonly blocks: DrawnBlock[] = [];

  constructor(verifier: ChainVerifier) {
    this.verifier = verifier;
  }
}

/**
 * Checks every chain that is received: that it holds (SPEC 4), that it goes on from the one before with nothing changed, and that
 * its winners are those who were announced. What has been checked before is only compared, byte for byte, so that a long chain
 * costs little when it comes again. Memory does not grow with the chain.
 */
export class ChainChecker {
  readonly #announcements = new Announcements();
  readonly #verifySignature = nativeVerifier();
  #received = this.#newChain();
  /** The last chain that held. */
  #held: HeldChain | undefined;
  /** The last blocks of it. */
  #blocks: readonly DrawnBlock[] = [];

  /** How many winners were announced since the last chain. */
  get unchecked(): number {
    return this.#announcements.count;
  }

  /** Takes an event; returns a result at the end of a chain. */
  onEvent(event: ServerEvent): ChainCheckResult | undefined {
    switch (event.kind) {
      case 'block':
        this.#onBlock(event.text);
        return undefined;
      case 'chain':
        return this.#end();
      case 'broken-chain':
        this.#received.fault ??= event.why;
        return this.#end();
      default:
        this.#announcements.onEvent(event);
        return undefined;
    }
  }

  #onBlock(text: string): void {
    const received = this.#received;
    if (received.fault !== undefined) return;
    received.texts.update(text, 'latin1');
    const index = received.count;
    received.count += 1;
    if (this.#held === undefined || index > this.#held.tip.index) this.#check(text);
    else if (index === this.#held.tip.index) this.#compare(this.#held);
  }

  /** A block that was not in the chain before. */
  #check(text: string): void {
    const received = this.#received;
    const json = parseExact(text);
    received.isUnreleased = received.count === 1 && isUnreleased(json);
    const checked = received.verifier.next(json);
    if ('fault' in checked) {
      const { index, rule, why } = checked.fault;
      received.fault = `block ${index} breaks the rule "${rule}": ${why}`;
      return;
    }
    if (!isDrawn(checked.block)) return;
    received.blocks.push(checked.block);
    if (received.blocks.length > blocksKept) received.blocks.shift();
  }

  /** The chain has come as far as it went when it was checked. */
  #compare({ tip, digest }: HeldChain): void {
    const received = this.#received;
    if (received.texts.copy().digest('hex') === digest)
      received.verifier = new ChainVerifier(this.#verifySignature, { tip });
    else
      received.fault = `it was changed after it had been sent: block ${tip.index}, or one before it, is not what it was`;
  }

  #end(): ChainCheckResult {
    const { verifier, texts, count, fault, isUnreleased, blocks } = this.#received;
    const { tip } = verifier;
    this.#received = this.#newChain();
    if (isUnreleased) return { kind: 'unreleased' };
    const winners = this.unchecked;
    const last = [...this.#blocks, ...blocks].slice(-blocksKept);
    const why = fault ?? this.#shortness(count) ?? (tip && this.#announcements.settle(last, tip.index));
    if (why !== undefined || tip === undefined) {
      this.#announcements.forget();
      return { kind: 'broken', why: why ?? 'it has no blocks, not even a genesis' };
    }
    this.#held = { tip, digest: texts.digest('hex') };
    this.#blocks = last;
    return { kind: 'holds', blocks: count, newest: last.at(-1), winners };
  }

  #newChain(): ReceivedChain {
    return new ReceivedChain(new ChainVerifier(this.#verifySignature));
  }

  #shortness(count: number): string | undefined {
    if (this.#held === undefined || count > this.#held.tip.index) return undefined;
    return `it has ${pluralizeCount(count, 'block')}, but had ${withThousands(this.#held.tip.index + 1)} before`;
  }
}
