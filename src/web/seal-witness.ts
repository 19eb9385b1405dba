import { roundAfter, roundTimeMs, type SealedPool, sealedPoolOf } from '../core/beacon.ts';
import type { Beacon, DrawnBlock, GenesisBlock } from '../core/block.ts';
import { findContradiction } from '../core/contradiction.ts';
import { evidenceText } from '../core/evidence.ts';
import type { VerifySignature } from '../core/keys.ts';
import { authorityOf, isSignedBy, type PoolStatement } from '../core/statement.ts';
import type { Seal } from '../http/api/types.ts';
import { uiConstants } from './ui-constants.ts';

/** Something that an honest server never does. */
export interface SealAlarm {
  /** One sentence. */
  readonly why: string;
  /** The text of an evidence file, which convicts the authority where both of its signatures hold; left out where a single seal is wrong. */
  readonly evidence?: string;
}

/**
 * The memory of the page of sealed pools (SPEC 5): it compares each block with what was signed when its pool was sealed. A seal that the authority has
 * not signed would convict nobody later, so it is an alarm at once.
 */
export class SealWitness {
  readonly #genesis: GenesisBlock;
  readonly #verifySignature: VerifySignature;
  /** By the index of the block, the oldest first. */
  readonly #statements = new Map<number, PoolStatement>();

  constructor(genesis: GenesisBlock, verifySignature: VerifySignature) {
    this.#genesis = genesis;
    this.#verifySignature = verifySignature;
  }

  /** A pool is sealed. */
  hear(seal: Seal): SealAlarm | undefined {
    const statement = { Pool: poolOf(seal), Signature: seal.signature };
    const fault = this.#findSealFault(seal, statement);
    if (fault !== undefined) return { why: fault };
    const before = this.#statements.get(seal.index);
    const contradiction = before && findContradiction(before, statement);
    if (before !== undefined && contradiction !== undefined)
      return { why: sentenceOf(contradiction.how), evidence: evidenceText(this.#genesis, before, statement) };
    this.#statements.set(seal.index, statement);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > uiConstants.sealsKeptMax && oldest !== undefined) this.#statements.delete(oldest);
    return undefined;
  }

  /** True while what was sealed for a block is remembered. */
  remembers(index: number): boolean {
    return this.#statements.has(index);
  }

  /** What is wrong with a seal by itself, in one sentence. */
  #findSealFault({ index, sealed, rounds }: Seal, statement: PoolStatement): string | undefined {
    const authority = authorityOf(this.#genesis);
    if (authority === undefined || !isSignedBy(this.#genesis, authority, statement, this.#verifySignature))
      return `What is told as the sealed pool of block ${index} is not signed by the authority of this chain.`;
    const beacons = this.#beacons;
    const isByRule =
      rounds.length === beacons.length &&
      beacons.every((beacon, place) => roundAfter(beacon, sealed) === rounds[place]?.round);
    return isByRule
      ? undefined
      : `The draw of block ${index} waits for other rounds than the first that come three seconds after its pool was sealed.`;
  }

  get #beacons(): readonly Beacon[] {
    const { Genesis } = this.#genesis;
    return 'Beacons' in Genesis ? (Genesis.Beacons ?? []) : [];
  }

  /** The rounds of a pool that has just been heard of which were out by then, by this clock, in one sentence. */
  lateness({ index, rounds }: Seal, unixMs: number): string | undefined {
    const out = rounds.find(({ beacon, round }) => {
      const named = this.#beacons.find(({ Name }) => Name === beacon);
      return named !== undefined && roundTimeMs(named, round) <= BigInt(unixMs);
    });
    if (out === undefined) return undefined;
    return `When this page heard of the pool of block ${index}, round ${out.round} of ${out.beacon} was out already, by the clock of this device: so nothing here shows that nobody knew it.`;
  }

  /** A block was drawn. */
  judge(block: DrawnBlock): SealAlarm | undefined {
    const statement = this.#statements.get(block.Index);
    this.#statements.delete(block.Index);
    if (statement === undefined || sealedPoolOf(block) === undefined) return undefined;
    const contradiction = findContradiction(statement, { Block: block });
    if (contradiction === undefined) return undefined;
    const evidence = evidenceText(this.#genesis, statement, { Block: block });
    return { why: sentenceOf(contradiction.how), evidence };
  }
}

function sentenceOf(how: string): string {
  return `The authority of this chain ${how}.`;
}

function poolOf({ index, sealed, root, size, total, transactionRoot }: Seal): SealedPool {
  const pool = { Index: index, Sealed: sealed, PoolRoot: root, PoolSize: size, TotalStake: total };
  return transactionRoot === undefined ? pool : { ...pool, TransactionRoot: transactionRoot };
}
