import { inTurns, type Turns } from '../../base/run-to-end.ts';
import { loadBeaconVerifier } from '../../core/load-beacon-verifier.ts';
import { limits } from './limits.ts';

/** A signature of a beacon in a block. */
interface WaitingSignature {
  readonly index: number;
  readonly publicKey: string;
  readonly round: number;
  readonly signature: string;
}

/**
 * Signatures of beacons that are still to be verified. Each takes tens of milliseconds, so a chain is first checked without them, and they
 * are verified in turns while people play. One that does not hold is never forgotten.
 */
export class BeaconBacklog {
  readonly #turns: Turns;
  readonly #waiting: WaitingSignature[] = [];
  #working: Promise<void> = Promise.resolve();
  #fault: string | undefined;
  #skipped = 0;
  #isVerifying = false;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  /** How many are to be verified. */
  get size(): number {
    return this.#waiting.length + (this.#isVerifying ? 1 : 0);
  }

  /** How many were left out, the oldest ones of a long chain: `verify` does not do that. */
  get skipped(): number {
    return this.#skipped;
  }

  /** The first signature that did not hold, in a printable sentence. */
  get fault(): string | undefined {
    return this.#fault;
  }

  /** Takes a signature on its word for now. */
  add(signature: WaitingSignature): void {
    this.#waiting.push(signature);
    if (this.#waiting.length <= limits.beaconSignaturesWaitingMax) return;
    this.#waiting.shift();
    this.#skipped += 1;
  }

  /** Resolves when all that wait now are verified. */
  settle(): Promise<void> {
    this.#working = this.#working.then(() => this.#work());
    return this.#working;
  }

  async #work(): Promise<void> {
    const verify = await loadBeaconVerifier({ beacons: 1 });
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { index, publicKey, round, signature } = next;
      this.#isVerifying = true;
      const holds = verify !== undefined && (await inTurns(this.#turns, verify(publicKey, round, signature)));
      this.#isVerifying = false;
      if (!holds)
        this.#fault ??= `block ${index} breaks the rule "beacon": the Signature of round ${round} is not that of its beacon`;
    }
  }
}
