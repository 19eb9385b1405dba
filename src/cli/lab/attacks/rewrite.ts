import { percent, withThousands } from '../../../base/formatting.ts';
import type { Attack, Measure } from './attack.ts';
import { asLateAsAllowed, byBlocks, byWork, catchUpChance, raceOften, standingStill, trueTime } from './branch-race.ts';
import { Prng } from './prng.ts';
import { hashesPerMs, intervalMs, WorkBranch } from './work-branch.ts';

const confirmations = 6;
const shares = [0.2, 0.3, 0.4] as const;

/** The whole history that is written anew: its miners become a hundred times as many between two of its blocks. */
const history = 1000;
const growth = { from: 100, to: 300, times: 100 } as const;

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
        ...shares.map((share) =>
          chance(
            share,
            '',
            raceOften(prngOf(seed, share), { share, confirmations, weigh: byBlocks, stamp: asLateAsAllowed }),
          ),
        ),
        wholeHistory(cheapestWorkForMoreBlocks(original) / Number(original.branch.work)),
      ],
      ours: [
        ...shares.map((share) => {
          const expected = ` (paper: ${percent(catchUpChance(share, confirmations))})`;
          return chance(
            share,
            expected,
            raceOften(prngOf(seed, share), { share, confirmations, weigh: byWork, stamp: trueTime }),
          );
        }),
        ...shares.map((share) =>
          chance(
            share,
            ', ever harder',
            raceOften(prngOf(seed, share), { share, confirmations, weigh: byWork, stamp: standingStill }),
          ),
        ),
        wholeHistory(1),
      ],
    };
  },
};

function prngOf(seed: string, share: number): Prng {
  return new Prng(seed, `rewrite ${share}`);
}

function chance(share: number, remark: string, value: number): Measure {
  const what = `the last ${confirmations} blocks with ${Math.round(share * 100)} % of all work${remark}`;
  return { what, value: percent(value) };
}

function wholeHistory(share: number): Measure {
  return { what: `all ${withThousands(history)} blocks: work for it, of what they took`, value: percent(share) };
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
