import type { Fault, Tip } from '../../consensus/verifier.ts';
import type { Block } from '../../core/block.ts';
import { loadBeaconVerifier } from '../../core/load-beacon-verifier.ts';
import type { BlockForm } from '../../core/parse-block.ts';
import type { Candidate } from '../../core/pool.ts';
import type { LedgerState } from '../../ledger/ledger-state.ts';
import { nativeVerifier } from '../../platform/ed25519.ts';
import { type ChainEntry, isDamage } from './chain-entry.ts';
import { LenientVerifier } from './lenient-verifier.ts';

/** A block that holds, with its pool where that is there and agrees with it. */
export interface VerifiedBlock {
  readonly block: Block;
  readonly pool: readonly Candidate[] | undefined;
}

/** Checks one chain block by block, with the pools that come with it, and remembers what was checked. */
export class ChainAudit {
  readonly #walk = new LenientVerifier(nativeVerifier());
  #tip: Tip | undefined;
  #lastHolding: Block | undefined;
  #fault: Fault | undefined;
  #followingBroken = 0;
  #blocks = 0;
  #firstTimestamp = '';
  #pools = 0;
  #candidates = 0;
  readonly #poolsDamaged: number[] = [];
  #poolDamage: string | undefined;
  readonly #hashes: string[] = [];

  /** Takes the block that comes next; returns it when it holds, undefined when it does not or stands behind one that does not. */
  async add(entry: ChainEntry): Promise<VerifiedBlock | undefined> {
    const index = this.#blocks;
    this.#blocks += 1;
    const given = await entry.body();
    const { form } = this.#walk;
    if (index === 1 && form !== undefined) this.#walk.verifyBeacon = await loadBeaconVerifier(form);
    const checked = this.#walk.check(entry.block, isDamage(given) ? {} : given);
    if (checked === 'unchecked') return undefined;
    if (isDamage(given) && !('fault' in checked)) {
      this.#poolsDamaged.push(index);
      this.#poolDamage ??= given.damage;
    }
    if (this.#fault !== undefined) {
      if ('fault' in checked) this.#followingBroken += 1;
      return undefined;
    }
    if ('fault' in checked) {
      this.#fault = checked.fault;
      return undefined;
    }
    const { block, tip, pool } = checked;
    if (index === 0) this.#firstTimestamp = block.Timestamp;
    else if (pool !== undefined) this.#pools += 1;
    this.#candidates += pool?.length ?? 0;
    this.#tip = tip;
    this.#lastHolding = block;
    this.#hashes.push(tip.hash);
    return { block, pool };
  }

  /** The first fault. */
  get fault(): Fault | undefined {
    return this.#fault;
  }

  /**
   * How many blocks behind the first fault break a rule, too. Each is checked against the block before it as that stands. Behind a block that
   * cannot even be parsed only the form of the next one can be checked.
   */
  get followingBroken(): number {
    return this.#followingBroken;
  }

  /** How many blocks there are, whether they hold or not. */
  get blocks(): number {
    return this.#blocks;
  }

  /** How many of them, from the genesis on, hold. */
  get holding(): number {
    return this.#hashes.length;
  }

  /** How many blocks were drawn from a pool that was checked, and how many candidates these pools have. */
  get pools(): number {
    return this.#pools;
  }

  get candidates(): number {
    return this.#candidates;
  }

  /** The blocks whose pools were stored and cannot be read any more; the blocks themselves may hold. */
  get poolsDamaged(): readonly number[] {
    return this.#poolsDamaged;
  }

  /** What is wrong with the first of these, printable. */
  get poolDamage(): string | undefined {
    return this.#poolDamage;
  }

  /** The last block that holds. */
  get tip(): Tip | undefined {
    return this.#tip;
  }

  /** How the blocks of the chain are made; undefined where the genesis does not hold. */
  get form(): BlockForm | undefined {
    return this.#tip?.form;
  }

  /** True where a ledger was judged by all that lies beside the blocks, up to the last one. */
  get isLedgerKnown(): boolean {
    return this.ledgerState !== undefined;
  }

  /** The state of the ledger behind the last block; undefined where it is not known, or there is no ledger. */
  get ledgerState(): LedgerState | undefined {
    return this.#walk.state;
  }

  /** The last block that holds, as it is. */
  get lastHolding(): Block | undefined {
    return this.#lastHolding;
  }

  get firstTimestamp(): string {
    return this.#firstTimestamp;
  }

  /** The hash of block `index`, undefined when that does not hold. */
  hashOf(index: number): string | undefined {
    return this.#hashes[index];
  }
}

/** The first block in which `later` is another chain than `earlier`, which should be its beginning; undefined when it is. */
export function findChange(earlier: ChainAudit, later: ChainAudit): number | undefined {
  for (let index = 0; index < earlier.blocks; index++) {
    // All before it is in its hash, and all of itself.
    if (earlier.hashOf(index) === undefined || earlier.hashOf(index) !== later.hashOf(index)) return index;
  }
  return undefined;
}
