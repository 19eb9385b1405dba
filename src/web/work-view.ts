import { leadingZeroBits } from '../consensus/work/difficulty.ts';
import { isMined } from '../core/block.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import type { BlockView } from './block-view.ts';
import { element } from './elements.ts';
import { NonceTrial } from './nonce-trial.ts';
import { dateElement } from './time-element.ts';
import { validatorLink } from './validator-name.ts';
import { workSteps } from './work-steps.ts';
import { difficultyText } from './work-text.ts';

/** A block that was searched for: its difficulty, its nonce, and what it would take to write it anew. */
export const workView: BlockView = {
  explain: workSteps,
  noun: 'block',
  genesisWords:
    'This block says how hard the first block was to find, and how long one should take: every later difficulty follows from the times of the blocks. All that is checked here rests on its hash: compare it with the one that you were sent over nc, or that somebody wrote down when the chain began.',
  cheatWords:
    'Change what you like; the change stays in this page. See which rule it breaks, then recompute the hash over your lie: it is a hash like any other, and begins with far too few zero bits. There is no key here that could be stolen. What stops a cheat is that the work has to be done again.',
  describe(block, { height, profiles }) {
    if (!isMined(block)) return [];
    const { Index, Validator, BPM, Timestamp, Hash, Work } = block;
    const behind = height - Index;
    const confirmations =
      behind === 0
        ? 'It is the last block: none confirms it yet.'
        : `${pluralizeAmount(behind, 'block')} confirm${behind === 1 ? 's' : ''} it.`;
    return [
      element(
        'p',
        {},
        validatorLink(Validator, profiles.of(Validator)),
        `, with BPM ${BPM}, found with the nonce ${amountText(Work.Nonce)} on `,
        dateElement(Timestamp),
        `. Its difficulty is ${difficultyText(BigInt(Work.Difficulty))}: on average one of ${amountText(Work.Difficulty)} hashes is small enough. This one begins with ${leadingZeroBits(Hash)} zero bits.`,
      ),
      element(
        'p',
        { class: 'quiet' },
        `${confirmations} With each block behind it, it takes more work to replace it. Nothing is called final: another chain with more work in it would be taken instead.`,
      ),
    ];
  },
  tools: (changed) => [new NonceTrial(changed).root],
};
