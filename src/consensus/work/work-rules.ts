import { atOnce } from '../../base/run-to-end.ts';
import { isMined, type SealedBlock, type WorkBlock, type WorkConsensus } from '../../core/block.ts';
import { timestampMs } from '../../core/timestamp.ts';
import type { BrokenRule, SealRules } from '../consensus.ts';
import { meets, type Retarget, retarget, slide, type TimedBlock } from './difficulty.ts';

/** What the seal of a work block must be: its hash meets its difficulty, and that is the one that the blocks before ask for (SPEC 7). */
export class WorkRules implements SealRules {
  /** How long a block should take. */
  readonly intervalMs: number;
  /** The blocks that the next difficulty comes from, as `retarget` wants them. */
  readonly window: readonly TimedBlock[];

  constructor(intervalMs: number, window: readonly TimedBlock[]) {
    this.intervalMs = intervalMs;
    this.window = window;
  }

  /** The rules for block 1, by the word of the genesis. */
  static afterGenesis({ Difficulty, IntervalMs }: WorkConsensus, timestamp: string): WorkRules {
    return new WorkRules(IntervalMs, [{ timeMs: timestampMs(timestamp), difficulty: BigInt(Difficulty) }]);
  }

  /** The difficulty that the next block must have, and how it comes about. */
  get next(): Retarget {
    return retarget(this.window, this.intervalMs);
  }

  findSealFault(block: SealedBlock): Generator<void, BrokenRule | undefined> {
    return atOnce(this.#findWorkFault(block));
  }

  #findWorkFault(block: SealedBlock): BrokenRule | undefined {
    const { Hash, Work } = expectMined(block);
    const difficulty = BigInt(Work.Difficulty);
    if (!meets(Hash, difficulty))
      return { rule: 'work', why: `Hash is too large for the difficulty ${Work.Difficulty}: another Nonce is needed` };
    const expected = this.next.difficulty;
    return difficulty === expected ? undefined : { rule: 'difficulty', why: `Difficulty should be ${expected}` };
  }

  findFinalFault(): BrokenRule | undefined {
    return undefined;
  }

  /** Its difficulty: the chain with the most work is taken. */
  weightOf(block: SealedBlock): bigint {
    return BigInt(expectMined(block).Work.Difficulty);
  }

  after(block: SealedBlock): WorkRules {
    return new WorkRules(this.intervalMs, slide(this.window, timedBlock(expectMined(block))));
  }
}

/** A block as the retarget looks at it. */
export function timedBlock({ Timestamp, Work }: WorkBlock): TimedBlock {
  return { timeMs: timestampMs(Timestamp), difficulty: BigInt(Work.Difficulty) };
}

function expectMined(block: SealedBlock): WorkBlock {
  if (!isMined(block)) throw new Error(`block ${block.Index} of a chain of work has no work`);
  return block;
}
