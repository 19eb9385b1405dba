import { leadingZeroBits, targetOf } from '../consensus/work/difficulty.ts';
import { limits } from '../consensus/work/limits.ts';
import { WorkRules } from '../consensus/work/work-rules.ts';
import { isMined, type WorkBlock } from '../core/block.ts';
import { contentHash, contentText } from '../core/block-hash.ts';
import { pluralizeAmount } from './amount-text.ts';
import type { BlockStep, ExplainSeal } from './block-steps.ts';
import { difficultyText } from './work-text.ts';

/** The steps of a block that was searched for: its work, and where its difficulty comes from. */
export const workSteps: ExplainSeal = ({ seal }, block, { index, window }) => {
  if (!isMined(block) || !(seal instanceof WorkRules)) return [];
  const isKnown = index <= 2 || window !== undefined;
  return [workStep(block), isKnown ? difficultyStep(block, seal) : unknownDifficultyStep(block)];
};

function workStep(block: WorkBlock): BlockStep {
  const { Hash, Work } = block;
  const difficulty = BigInt(Work.Difficulty);
  return {
    rule: 'work',
    title: 'Its hash is as small as its difficulty asks for',
    numbers: [
      ['its content, all but hash and nonce', contentText(block)],
      ['the hash of that, which the search began with', contentHash(block)],
      ['the nonce, hashed together with it', String(Work.Nonce)],
      ['the hash, as it says', Hash],
      ['the largest that is small enough', targetOf(difficulty).toString(16).padStart(64, '0')],
      ['zero bits that it begins with', String(leadingZeroBits(Hash))],
      ['difficulty', difficultyText(difficulty)],
      ['hashes to be tried on average', Work.Difficulty],
    ],
  };
}

const difficultyTitle = 'Its difficulty is the one that the blocks before it ask for';

function difficultyStep({ Work }: WorkBlock, { next, intervalMs }: WorkRules): BlockStep {
  const { blocks, sum, spanMs, unbounded, difficulty } = next;
  const said = ['difficulty, as it says', Work.Difficulty] as const;
  if (blocks === 0) {
    return { rule: 'difficulty', title: difficultyTitle, numbers: [['block 0 asks for', String(difficulty)], said] };
  }
  const step = unbounded < difficulty ? 'a quarter of' : `${limits.retargetStepMax} times`;
  const bounded: BlockStep['numbers'] =
    unbounded === difficulty ? [] : [['but no further at once than', `${step} the one before: ${difficulty}`]];
  return {
    rule: 'difficulty',
    title: difficultyTitle,
    numbers: [
      [`difficulties of the last ${pluralizeAmount(blocks, 'block')}, added up`, String(sum)],
      ['time that they took, ms', String(spanMs)],
      ['time that a block should take, ms', String(intervalMs)],
      ['sum × time of a block / time taken', String(unbounded)],
      ...bounded,
      said,
    ],
  };
}

function unknownDifficultyStep({ Work }: WorkBlock): BlockStep {
  return {
    rule: 'difficulty',
    title: difficultyTitle,
    numbers: [
      ['difficulty, as it says', Work.Difficulty],
      [
        'computed',
        'not here: the server did not send the blocks that it comes from, so it is taken at its word. The check of the whole chain computes it.',
      ],
    ],
  };
}
