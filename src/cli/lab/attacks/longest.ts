import { percent, pluralize } from '../../../base/formatting.ts';
import type { Attack, Measure } from './attack.ts';
import { byBlocks, byWork, catchUpChance, levelChance, type Race, raceOften, trueTime } from './branch-race.ts';
import { Prng } from './prng.ts';
import { firstDifficulty } from './work-branch.ts';

/** How many blocks a seller waits for before the goods are handed over. */
const depths = [1, 2, 3, 6, 12] as const;
/** What of all work Mallory has in these races. */
const share = 0.3;
const races = 2000;
/** Shares for which the formula says how long to wait. */
const shares = [0.1, 0.2, 0.3, 0.4] as const;
/** A seller who loses one sale in a thousand can live with it: the bound of the table in the paper. */
const riskMax = 0.001;

/** What a race is about besides its depth. */
type Terms = Pick<Race, 'weigh' | 'rule' | 'isLevelEnough'>;

/** The world of the paper: every block is as hard as the others, and it is enough to be level. */
const ofThePaper: Terms = { weigh: byBlocks, rule: () => firstDifficulty, isLevelEnough: true };
const ofThisProgram: Terms = { weigh: byWork };

/** A block that is on the chain can fall out of it: how deep it has to lie is a matter of shares and luck, which can be computed. */
export const longest: Attack = {
  name: 'longest',
  title: 'what is in a block is final: pay, then write the last blocks anew',
  flaw: 'A payment that is in a block is done, so it is said: everybody has the block, and nobody can change it. But the last blocks are only as firm as the work on top of them. Mallory pays for goods in a block, and at the same moment begins a branch of her own behind the block before, in which she pays herself. As soon as the goods are hers and her branch is the longest, she shows it; every node takes it, by the rule that all agree on, and her payment never was. All that she needs is a part of the work, here 30 %, and some luck. It is made easier still where a branch is taken that is as long as the one that is known.',
  cure: 'Luck has numbers. With less than half of the work Mallory loses ground with each block on average, so every block on top makes it less likely that she comes from behind: the formula of section 11 in the paper on Bitcoin, which gives the others the average time for their blocks, and lets her win when she is level. In a race the others take the time they take, which helps her a little, and has a formula, too. Here, nodes keep the branch that they knew first among equals, so she has to be ahead by the weight of her work. What remains: nothing in a chain of work is ever final. The page counts the blocks on top, and the formula says what these are worth against whom. What was in blocks that fall out waits again, so an honest payment is only late. And whoever has half of all work needs no luck.',
  run(seed) {
    return {
      flawed: depths.map((depth) => undone(seed, depth, ofThePaper, expected(depth))),
      ours: [
        ...depths.map((depth) => undone(seed, depth, ofThisProgram, '')),
        ...shares.map((theirs) => ({
          what: `blocks to wait for against ${Math.round(theirs * 100)} %, for a risk below ${percent(riskMax)}`,
          value: String(depthFor(theirs)),
        })),
      ],
    };
  },
};

/** What the formula of the paper gives, and what it would give if the others had luck, too. */
function expected(depth: number): string {
  return ` (paper ${percent(catchUpChance(share, depth))}, exactly ${percent(levelChance(share, depth))})`;
}

function undone(seed: string, depth: number, terms: Terms, remark: string): Measure {
  const race = { share, confirmations: depth, stamp: trueTime, races, ...terms };
  const chance = raceOften(new Prng(seed, `longest ${depth}`), race);
  return {
    what: `${pluralize(depth, 'block')} with ${share * 100} %${remark}`,
    value: percent(chance),
  };
}

/** How many blocks make the chance less than a thousandth, by the formula. */
export function depthFor(theirs: number): number {
  let depth = 0;
  while (catchUpChance(theirs, depth) >= riskMax) depth += 1;
  return depth;
}
