import { roundTimeMs, type SealedPool, sealedPoolOf } from '../core/beacon.ts';
import type { Beacon, DrawnBlock, GenesisBlock } from '../core/block.ts';
import { findContradiction } from '../core/contradiction.ts';
import { evidenceText } from '../core/evidence.ts';
import type { PoolStatement } from '../core/statement.ts';
import type { Seal } from '../http/api/types.ts';
import { uiConstants } from './ui-constants.ts';

/** Something that an honest server never does. */
export interface SealAlarm {
  /** One sentence. */
  readonly why: string;
  /** The text of an evidence file, which convicts the authority where both of its signatures hold. */
  readonly evidence: string;
}

/**
 * The memory of the page of sealed pools (SPEC 5): it compares each block with what was said when its pool was sealed. Whether the signatures
 * hold is for `verify --evidence` to judge.
 */
export class SealWitness {
  readonly #genesis: GenesisBlock;
  /** By the index of the block, the oldest first. */
  readonly #statements = new Map<number, PoolStatement>();

  constructor(genesis: GenesisBlock) {
    this.#genesis = genesis;
  }

  /** A pool is sealed. */
  hear(seal: Seal): SealAlarm | undefined {
    const statement = { Pool: poolOf(seal), Signature: seal.signature };
    const before = this.#statements.get(seal.index);
    const contradiction = before && findContradiction(before, statement);
    if (before !== undefined && contradiction !== undefined)
      return { why: sentenceOf(contradiction.how), evidence: evidenceText(this.#genesis, before, statement) };
    this.#statements.set(seal.index, statement);
    const [oldest] = this.#statements.keys();
    if (this.#statements.size > uiConstants.sealsKeptMax && oldest !== undefined) this.#statements.delete(oldest);
    return undefined;
  }

  /** The rounds of a pool that has just been heard of which were out by then, by this clock, in one sentence. */
  lateness({ index, rounds }: Seal, unixMs: number): string | undefined {
    const { Genesis } = this.#genesis;
    const beacons: readonly Beacon[] = 'Beacons' in Genesis ? (Genesis.Beacons ?? []) : [];
    const out = rounds.find(({ beacon, round }) => {
      const named = beacons.find(({ Name }) => Name === beacon);
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
