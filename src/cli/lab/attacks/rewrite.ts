import { percent, withThousands } from '../../../base/formatting.ts';
import { limits } from '../../../consensus/work/limits.ts';
import type { Attack, Measure } from './attack.ts';
import { Prng } from './prng.ts';
import { firstDifficulty, hashesPerMs, intervalMs, WorkBranch } from './work-branch.ts';

const races = 500;
const confirmations = 6;
const shares = [0.2, 0.3, 0.4] as const;
/** Mallory gives up when she is so many blocks behind, or their weight. */
const hopeless = 20;

/** The whole history that is written anew: its miners become a hundred times as many between two of its blocks. */
const history = 1000;
const growth = { from: 100, to: 300, times: 100 } as const;

/** How much a branch is: of two, nodes take the one that is more, and among equals the one that they knew first. */
type Weigh = (branch: WorkBranch) => number;

const byBlocks: Weigh = ({ blocks }) => blocks;
/** In blocks of the first difficulty. */
const byWork: Weigh = ({ work }) => Number(work) / Number(firstDifficulty);

/** The Timestamp of a block of Mallory's, ms, before it is kept from going back. */
type Stamp = (nowMs: number) => number;

const trueTime: Stamp = (nowMs) => nowMs;
const asLateAsAllowed: Stamp = (nowMs) => nowMs + limits.futureMaxMs;
const standingStill: Stamp = () => 0;

/** A history written anew is taken when it is more than the one that is known; what that costs depends on how chains are weighed. */
export const rewrite: Attack = {
  name: 'rewrite',
  title: 'the chain with the most blocks is taken: write history anew',
  flaw: 'Of two chains the longer one is true: so it is said, and so it is built in tutorials, where the longer one is the one with more blocks. But blocks differ. On a branch of her own Mallory has the difficulty for herself: it falls to what she can do, and her late timestamps push it further down. Her blocks then come as fast as those of all others together, and a day on which few miners were there is as good as a day on which there were many. The race for the last 6 blocks goes on until she is ahead, or 20 behind.',
  cure: 'A chain weighs what was worked for it: the sum of its difficulties, so that a hundred easy blocks are no more than a hard one. To replace blocks takes as much work as went into them, and as others add meanwhile. With less than half of all work that needs luck, which runs out with every block on top: this is the formula in section 11 of the paper on Bitcoin, which gives the others the average time for their 6 blocks and lets Mallory win when she is level; here they take the time they take, and she has to be ahead. What remains: luck can be made larger. A branch whose time stands still becomes harder from block to block, and few hard blocks depend more on luck than many easy ones, for the same work. So nothing is ever final here, the page counts confirmations, and whoever has half of all work writes what they like.',
  run(seed) {
    const original = grownChain();
    return {
      flawed: [
        ...shares.map((share) => chance(share, '', raceOften(seed, share, byBlocks, asLateAsAllowed))),
        wholeHistory(cheapestWorkForMoreBlocks(original) / Number(original.branch.work)),
      ],
      ours: [
        ...shares.map((share) => {
          const expected = ` (paper: ${percent(catchUpChance(share, confirmations))})`;
          return chance(share, expected, raceOften(seed, share, byWork, trueTime));
        }),
        ...shares.map((share) => chance(share, ', ever harder', raceOften(seed, share, byWork, standingStill))),
        wholeHistory(1),
      ],
    };
  },
};

function chance(share: number, remark: string, value: number): Measure {
  const what = `the last ${confirmations} blocks with ${Math.round(share * 100)} % of all work${remark}`;
  return { what, value: percent(value) };
}

function wholeHistory(share: number): Measure {
  return { what: `all ${withThousands(history)} blocks: work for it, of what they took`, value: percent(share) };
}

/**
 * The chance that somebody with this share of all work ever comes level with a chain that has put `blocks` on top of a block of theirs (Nakamoto,
 * "Bitcoin: A Peer-to-Peer Electronic Cash System", section 11).
 */
export function catchUpChance(share: number, blocks: number): number {
  const odds = share / (1 - share);
  if (odds >= 1) return 1;
  const mean = blocks * odds;
  let poisson = Math.exp(-mean);
  let never = 0;
  for (let found = 0; found <= blocks; found++) {
    never += poisson * (1 - odds ** (blocks - found));
    poisson *= mean / (found + 1);
  }
  return 1 - never;
}

function raceOften(seed: string, share: number, weigh: Weigh, stamp: Stamp): number {
  const prng = new Prng(seed, `rewrite ${share}`);
  let won = 0;
  for (let time = 0; time < races; time++) if (race(prng, share, weigh, stamp)) won += 1;
  return won / races;
}

/** True when Mallory's branch is taken, at the earliest when the block to be replaced has all its confirmations. */
function race(prng: Prng, share: number, weigh: Weigh, stamp: Stamp): boolean {
  const honest = WorkBranch.fromSteadyChain();
  const hers = WorkBranch.fromSteadyChain();
  let nowMs = 0;
  for (;;) {
    // Blocks found in a millisecond.
    const honestRate = ((1 - share) * hashesPerMs) / Number(honest.difficulty);
    const herRate = (share * hashesPerMs) / Number(hers.difficulty);
    nowMs -= Math.log(1 - prng.fraction()) / (honestRate + herRate);
    if (prng.fraction() * (honestRate + herRate) < herRate) hers.add(Math.max(hers.lastMs, stamp(nowMs)));
    else honest.add(nowMs);
    if (honest.blocks < confirmations) continue;
    const lead = weigh(hers) - weigh(honest);
    if (lead > 0) return true;
    if (lead <= -hopeless) return false;
  }
}

interface GrownChain {
  readonly branch: WorkBranch;
  /** The times from Timestamp to Timestamp, ms. */
  readonly stepsMs: readonly number[];
}

/** A chain with true timestamps and average luck. */
function grownChain(): GrownChain {
  const branch = WorkBranch.fromGenesis();
  const stepsMs: number[] = [];
  let nowMs = 0;
  for (let place = 0; place < history; place++) {
    const progress = (place - growth.from) / (growth.to - growth.from);
    const rate = hashesPerMs * growth.times ** Math.min(1, Math.max(0, progress));
    nowMs += Number(branch.difficulty) / rate;
    const { lastMs } = branch;
    branch.add(nowMs);
    stepsMs.push(branch.lastMs - lastMs);
  }
  return { branch, stepsMs };
}

/**
 * The work of a chain with a block more in the same time, and ten seconds of the future: it takes the same steps, the long ones first, so that its
 * difficulty rises only at the end.
 */
function cheapestWorkForMoreBlocks({ stepsMs }: GrownChain): number {
  const branch = WorkBranch.fromGenesis();
  for (const stepMs of [intervalMs, ...stepsMs.toSorted((one, other) => other - one)])
    branch.add(branch.lastMs + stepMs);
  return Number(branch.work);
}
