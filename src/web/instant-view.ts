import type { BlockView } from './block-view.ts';
import { element } from './elements.ts';
import { dateElement } from './time-element.ts';
import { validatorLink } from './validator-name.ts';

/** A block that an accepted BPM became at once. */
export const instantView: BlockView = {
  // Its order, its hash and its signature are rules of every chain.
  explain: () => [],
  noun: 'block',
  genesisWords:
    'This block names the key whose signature every block of the chain needs. All that is checked here rests on its hash: compare it with the one that you were sent over nc, or that somebody wrote down when the chain began.',
  cheatWords:
    'Change what you like; the change stays in this page. See which rule it breaks, then recompute the hash over your lie, and see what gives it away: the signature is made with a key that only the server has, and nothing here can make another one.',
  describe: ({ Validator, BPM, Timestamp, Index }, { profiles }) => [
    element(
      'p',
      {},
      validatorLink(Validator, profiles.of(Validator)),
      ` wrote BPM ${BPM} on `,
      dateElement(Timestamp),
      '. It became a block as soon as it was accepted: nothing was drawn, and nothing was searched for.',
    ),
    element(
      'p',
      { class: 'quiet' },
      `Three things hold the chain together. The order: this is the block behind number ${Index - 1}, whose hash is in it. Its hash: no digit of it can be changed without another hash. The signature: only the server that began the chain can make one.`,
    ),
  ],
  tools: () => [],
};
