import type { Status } from '../http/api/types.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import { type LivePanel, type LiveWords, peopleWords } from './block-live-page.ts';
import { haltWords } from './status-words.ts';

/** Where an instant chain stands: how many blocks it has, and how many come. */
export class InstantPanel implements LivePanel {
  readonly title = 'The chain, live';
  readonly parts: readonly HTMLElement[] = [];
  readonly footnote =
    'Every BPM is a block as soon as it is accepted, in that order, signed with the key that block 0 names. Where many come at once, the newest are shown.';

  words(status: Status): LiveWords {
    const { height, blocksPerMinute = 0, validators } = status;
    return {
      figure: amountText(blocksPerMinute),
      label: `${blocksPerMinute === 1 ? 'block' : 'blocks'} in the last minute`,
      headline: haltWords(status) ?? `A chain of ${pluralizeAmount(height + 1, 'block')}`,
      facts: `${peopleWords(status)}, ${pluralizeAmount(validators, 'writer')} among them`,
      share: 0,
    };
  }

  add(): void {}

  /** An instant chain has one branch. */
  goBack(): void {}

  note(): string {
    return '';
  }
}
