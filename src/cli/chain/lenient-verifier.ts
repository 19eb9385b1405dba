import type { PoolBeside } from '../../consensus/consensus.ts';
import { ChainVerifier, type Checked, type Tip, tipAfter, tipOfGenesis } from '../../consensus/verifier.ts';
import { isGenesis } from '../../core/block.ts';
import type { VerifySignature } from '../../core/keys.ts';
import { parseBlock } from '../../core/parse-block.ts';

/**
 * Checks the blocks of a chain one after the other and goes on behind a broken one, as if that block were good. This shows how far the
 * damage reaches.
 */
export class LenientVerifier {
  readonly #verifySignature: VerifySignature;
  #tip: Tip | undefined;
  /** The block before could not be parsed, so nothing is known of what the next one stands on. */
  #isLost = false;
  #blocks = 0;

  constructor(verifySignature: VerifySignature) {
    this.#verifySignature = verifySignature;
  }

  /**
   * Checks the next block, with its pool where that is there. Where the block cannot be parsed, `original`, which stood there before, is taken
   * for it. Without `original` the blocks behind it are 'unchecked' up to the next one that can be parsed.
   */
  check(json: unknown, pool?: PoolBeside, original?: unknown): Checked | 'unchecked' {
    const place = this.#blocks;
    this.#blocks += 1;
    const checked = this.#isLost
      ? checkForm(json, place)
      : new ChainVerifier(this.#verifySignature, this.#tip).next(json, pool);
    const isHolding = checked !== 'unchecked' && 'tip' in checked;
    const tip = isHolding ? checked.tip : (believed(this.#tip, json, place) ?? believed(this.#tip, original, place));
    this.#isLost = tip === undefined;
    this.#tip = tip ?? this.#tip;
    return checked;
  }
}

/** All that can be said of a block while it is not known what it stands on. */
function checkForm(json: unknown, index: number): Checked | 'unchecked' {
  const parsed = parseBlock(json, index);
  return 'why' in parsed ? { fault: { index, rule: 'form', why: parsed.why } } : 'unchecked';
}

/** The tip that a block says it makes. */
function believed(tip: Tip | undefined, json: unknown, place: number): Tip | undefined {
  const parsed = parseBlock(json, place);
  if ('why' in parsed) return undefined;
  const block = parsed.value;
  return isGenesis(block) ? tipOfGenesis(block) : tip && tipAfter(tip, block);
}
