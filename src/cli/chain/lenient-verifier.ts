import {
  type BodyBeside,
  ChainVerifier,
  type Checked,
  type Tip,
  tipAfter,
  tipOfGenesis,
} from '../../consensus/verifier.ts';
import type { VerifyBeacon } from '../../core/beacon.ts';
import type { VerifySignature } from '../../core/keys.ts';
import { type BlockForm, parseBlock, parseSealedBlock } from '../../core/parse-block.ts';
import { parseGenesisBlock } from '../../core/parse-genesis.ts';
import type { LedgerState } from '../../ledger/ledger-state.ts';

/**
 * Checks the blocks of a chain one after the other and goes on behind a broken one, as if that block were good. This shows how far the
 * damage reaches. What a broken block did to the balances of a ledger is not known: behind it they are checked as far as blocks alone prove them.
 */
export class LenientVerifier {
  readonly #verifySignature: VerifySignature;
  /** Needed from block 1 on where the chain has beacons. */
  verifyBeacon: VerifyBeacon | undefined;
  #tip: Tip | undefined;
  #state: LedgerState | undefined;
  /** The block before could not be parsed, so nothing is known of what the next one stands on. */
  #isLost = false;
  #blocks = 0;

  constructor(verifySignature: VerifySignature, verifyBeacon?: VerifyBeacon) {
    this.#verifySignature = verifySignature;
    this.verifyBeacon = verifyBeacon;
  }

  /** The form of the blocks behind the genesis, by its word; undefined before it, and where it has none. */
  get form(): BlockForm | undefined {
    return this.#tip?.form;
  }

  /** The state of the ledger behind the last block; undefined where it is not known, or there is no ledger. */
  get state(): LedgerState | undefined {
    return this.#state;
  }

  /**
   * Checks the next block, with what lies beside it where that is there. Where the block cannot be parsed, `original`, which stood there before,
   * is taken for it. Without `original` the blocks behind it are 'unchecked' up to the next one that can be parsed.
   */
  check(json: unknown, body: BodyBeside = {}, original?: unknown): Checked | 'unchecked' {
    const place = this.#blocks;
    this.#blocks += 1;
    const verifier = new ChainVerifier(this.#verifySignature, {
      verifyBeacon: this.verifyBeacon,
      tip: this.#tip,
      state: this.#state,
    });
    const checked = this.#isLost ? checkForm(this.#tip, json, place) : verifier.next(json, body);
    const isHolding = checked !== 'unchecked' && 'tip' in checked;
    const tip = isHolding ? checked.tip : (believed(this.#tip, json, place) ?? believed(this.#tip, original, place));
    this.#state = isHolding ? verifier.state : undefined;
    this.#isLost = tip === undefined;
    this.#tip = tip ?? this.#tip;
    return checked;
  }
}

/** All that can be said of a block while it is not known what it stands on. */
function checkForm(tip: Tip | undefined, json: unknown, index: number): Checked | 'unchecked' {
  const parsed = tip === undefined ? parseBlock(json, index) : parseSealedBlock(json, tip.form);
  return 'why' in parsed ? { fault: { index, rule: 'form', why: parsed.why } } : 'unchecked';
}

/** The tip that a block says it makes. */
function believed(tip: Tip | undefined, json: unknown, place: number): Tip | undefined {
  if (place === 0) {
    const genesis = parseGenesisBlock(json);
    return 'why' in genesis ? undefined : tipOfGenesis(genesis.value);
  }
  if (tip === undefined) return undefined;
  const parsed = parseSealedBlock(json, tip.form);
  return 'why' in parsed ? undefined : tipAfter(tip, parsed.value);
}
