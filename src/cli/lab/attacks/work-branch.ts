import { type Retarget, retarget, slide, type TimedBlock } from '../../../consensus/work/difficulty.ts';
import { limits } from '../../../consensus/work/limits.ts';

/** The time from block to block that the chains of the models aim at, ms. */
export const intervalMs = 10_000;
/** The difficulty at which they begin. */
export const firstDifficulty = 1_000_000n;
/** Hashes that all miners together try in a millisecond: they keep the interval at the first difficulty. */
export const hashesPerMs: number = Number(firstDifficulty) / intervalMs;

/** Which difficulty the next block has, by the retarget of SPEC 7 and what it has come from. */
export type DifficultyRule = (retarget: Retarget) => bigint;

const ourRule: DifficultyRule = ({ difficulty }) => difficulty;

/** A branch of a chain of work, of which a model knows only the timestamps and the difficulties. */
export class WorkBranch {
  /** How many blocks have been added, and the sum of their difficulties. */
  blocks: number = 0;
  work: bigint = 0n;
  /** The difficulty of the next block. */
  difficulty: bigint = firstDifficulty;
  #window: readonly TimedBlock[];
  readonly #rule: DifficultyRule;

  private constructor(window: readonly TimedBlock[], rule: DifficultyRule) {
    this.#window = window;
    this.#rule = rule;
  }

  /** A chain that has nothing but its genesis, of time 0. */
  static fromGenesis(): WorkBranch {
    return new WorkBranch([{ timeMs: 0, difficulty: firstDifficulty }], ourRule);
  }

  /** A branch of a chain that has kept its interval up to time 0. */
  static fromSteadyChain(rule: DifficultyRule = ourRule): WorkBranch {
    const window = Array.from({ length: limits.retargetBlocksMax + 1 }, (_, place) => ({
      timeMs: (place - limits.retargetBlocksMax) * intervalMs,
      difficulty: firstDifficulty,
    }));
    return new WorkBranch(window, rule);
  }

  /** The Timestamp of the last block, ms. */
  get lastMs(): number {
    return this.#window.at(-1)?.timeMs ?? 0;
  }

  /** Adds a block with this Timestamp. */
  add(timeMs: number): void {
    this.blocks += 1;
    this.work += this.difficulty;
    this.#window = slide(this.#window, { timeMs: Math.floor(timeMs), difficulty: this.difficulty });
    this.difficulty = this.#rule(retarget(this.#window, intervalMs));
  }
}
