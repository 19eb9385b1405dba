import { limits } from '../../../consensus/work/limits.ts';
import type { Attack, Measure } from './attack.ts';
import { Prng } from './prng.ts';
import { type DifficultyRule, firstDifficulty, hashesPerMs, WorkBranch } from './work-branch.ts';

const blocks = 1000;
const patterns = 150;
const patternLengthMax = 40;
const hourMs = 3_600_000;
/** A pattern that has cost so much more than honest blocks is given up. */
const costMax = 10 * blocks;

/** Which Timestamp a miner gives to block `place`, ms, found at `nowMs`, behind a block of `lastMs`. */
type Stamp = (place: number, nowMs: number, lastMs: number) => number;

const trueTime: Stamp = (_, nowMs) => nowMs;
const anHourLater: Stamp = (_place, _nowMs, lastMs) => lastMs + hourMs;
/** Two steps ahead and one far back, always in the past: most spans look long, and where one is negative the bound is at hand. */
const backAndForth: Stamp = (place, nowMs) => nowMs - ((2 - (place % 3)) * hourMs) / 4;

/** The difficulty comes from the timestamps, and a miner writes the timestamps. */
export const timestamps: Attack = {
  name: 'timestamps',
  title: 'a difficulty by timestamps that miners write: make blocks cheap',
  flaw: 'The difficulty follows the time that the last blocks took, which is the first of 17 timestamps taken from the last. But a timestamp is what a miner writes. Mallory, on a branch of her own, dates each block an hour later than the one before: it looks as if hardly anybody was searching, and after a few blocks a nonce costs nothing. To bound each difficulty to four times the one before, up and down, does not help alone: if time may go back, she dates her blocks back and forth, so that two of three become cheaper, and the third becomes dearer by four times at most.',
  cure: 'Time never goes back, no node takes a block from more than 120 seconds in its future, and one block changes the difficulty four times at most. The spans of all windows then add up to the time that has really passed, and what a false timestamp takes from one difficulty it adds to a later one. What remains are the 120 seconds: dated ahead by as much as they allow, a miner saves the work of about eight blocks at an interval of ten seconds, once, and not again. Nor do cheap blocks make a heavy chain: it weighs what was worked for it, which is what the attack "rewrite" is about.',
  run(seed) {
    const unbounded: DifficultyRule = ({ unbounded: asked }) => (asked < 1n ? 1n : asked);
    const asWritten = (stamp: Stamp, rule?: DifficultyRule): number => costOf(WorkBranch.fromSteadyChain(rule), stamp);
    const ours = (stamp: Stamp, count = blocks): number =>
      costOf(WorkBranch.fromSteadyChain(), withinRules(stamp), count);
    const prng = new Prng(seed, 'timestamps');
    const found = Array.from({ length: patterns }, () => ours(patternFrom(prng)));
    return {
      flawed: [
        cost('with true timestamps', asWritten(trueTime, unbounded)),
        cost('each an hour later than the one before', asWritten(anHourLater, unbounded)),
        cost('back and forth, with the bound of 4', asWritten(backAndForth)),
      ],
      ours: [
        cost('with true timestamps', ours(trueTime)),
        cost('each as much later as is allowed', ours(anHourLater)),
        cost(`the cheapest of ${patterns} patterns of timestamps`, Math.min(...found)),
        {
          what: 'of these patterns, dearer than true timestamps',
          value: `${found.filter((one) => one > blocks).length}`,
        },
        {
          what: 'known limit: saved once, in the first 1,000 blocks',
          value: `${(blocks - ours(anHourLater)).toFixed(1)} blocks`,
        },
        {
          what: 'and in the first 10,000',
          value: `${(10 * blocks - ours(anHourLater, 10 * blocks)).toFixed(1)} blocks`,
        },
      ],
    };
  },
};

function cost(how: string, value: number): Measure {
  return { what: `1,000 blocks, ${how}`, value: `${value.toFixed(1)} blocks' work` };
}

/** The work of so many blocks by a miner alone who always has average luck, in blocks of the first difficulty. */
function costOf(branch: WorkBranch, stamp: Stamp, count = blocks): number {
  let nowMs = 0;
  const costInBlocks = (): number => Number(branch.work) / Number(firstDifficulty);
  while (branch.blocks < count && costInBlocks() < costMax + count) {
    nowMs += Number(branch.difficulty) / hashesPerMs;
    branch.add(stamp(branch.blocks, nowMs, branch.lastMs));
  }
  return branch.blocks < count ? Number.POSITIVE_INFINITY : costInBlocks();
}

/** The nearest Timestamp that nodes take. */
function withinRules(stamp: Stamp): Stamp {
  return (place, nowMs, lastMs) => Math.max(lastMs, Math.min(stamp(place, nowMs, lastMs), nowMs + limits.futureMaxMs));
}

/** A pattern that repeats: each block stands still, goes as far ahead as is allowed, or somewhere between. */
function patternFrom(prng: Prng): Stamp {
  const length = 1 + prng.below(patternLengthMax);
  const steps = Array.from({ length }, () => [0, 0, 1, prng.fraction()][prng.below(4)] ?? 0);
  return (place, nowMs, lastMs) => lastMs + (steps[place % length] ?? 0) * (nowMs + limits.futureMaxMs - lastMs);
}
