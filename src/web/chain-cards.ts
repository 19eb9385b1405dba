import { amountText } from './amount-text.ts';
import { element, link, renewRows } from './elements.ts';
import type { ProfileBook } from './profile-book.ts';
import { paint } from './validator-name.ts';

/** A block as one link of a chain. */
export interface CardBlock {
  readonly index: number;
  /** Its hash; undefined where what the server sent is no block. */
  readonly hash: string | undefined;
  /** Undefined for the genesis. */
  readonly validator: string | undefined;
}

/** Blocks as objects that are linked: each rests on the one before it. A check runs along them in green, and all from a fault on are red. */
export class ChainCards {
  readonly root: HTMLElement = element('ol', { class: 'cards', 'aria-label': 'The blocks, linked', tabindex: '0' });
  #blocks: readonly CardBlock[] = [];

  /** Shows blocks in the order of the chain. */
  show(blocks: readonly CardBlock[], profiles: ProfileBook): void {
    this.#blocks = blocks;
    renewRows(
      this.root,
      blocks.map((block) => card(block, profiles)),
    );
  }

  /** Marks the first `holding` blocks of the whole chain as checked, and those from `fault` on as broken. */
  judge(holding: number, fault?: number): void {
    for (const [place, { index }] of this.#blocks.entries()) {
      const shown = this.root.children[place];
      if (!(shown instanceof HTMLElement)) continue;
      // They turn one after another, so that it is seen how each rests on the one before.
      shown.style.setProperty('--turn', String(place));
      if (fault !== undefined && index >= fault) shown.dataset['state'] = 'broken';
      else if (index < holding) shown.dataset['state'] = 'holds';
      else delete shown.dataset['state'];
    }
  }
}

function card({ index, hash, validator }: CardBlock, profiles: ProfileBook): HTMLElement {
  const shown = link(
    `/blocks/${index}`,
    element('strong', {}, amountText(index)),
    ' ',
    element('span', { class: 'hash' }, hash?.slice(0, 6) ?? '?'),
  );
  shown.className = validator === undefined ? 'card genesis' : 'card';
  if (validator !== undefined) paint(shown, validator, profiles.of(validator));
  return element('li', { 'data-key': String(index) }, shown);
}
