import type { PoolBeside } from '../../consensus/consensus.ts';
import { ChainVerifier, type Checked, type Tip, tipAfter, tipOfGenesis } from '../../consensus/verifier.ts';
import { isDrawn } from '../../core/block.ts';
import type { VerifySignature } from '../../core/keys.ts';
import { parseBlock } from '../../core/parse-block.ts';

/**
 * Checks the blocks of a chain one after the other, also behind one that does not hold: then as if that one were believed, so that
 * it is seen how far the break runs.
 */
export class LenientVerifier {
  readonly #verifySignature: VerifySignature;
  #tip: Tip | undefined;
  /** The block before said nothing that could be believed. */
  #isLost = false;
  #blocks = 0;

  constructor(verifySignature: VerifySignature) {
    this.#verifySignature = verifySignature;
  }

  /**
   * What is found at the block that comes next, with its pool where that is there. Where it cannot be read, `original`, which stood there before, is believed; without
   * that 'unchecked' is what is found behind it, until a block can be believed again.
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
  return isDrawn(block) ? tip && tipAfter(tip, block) : tipOfGenesis(block);
}
