import { isDrawn } from '../core/block.ts';
import { parsePool } from '../core/parse-pool.ts';
import { drawnSegments } from '../http/api/ticket-bar.ts';
import { amountText, pluralizeAmount } from './amount-text.ts';
import type { BlockView } from './block-view.ts';
import { drawSteps } from './draw-steps.ts';
import { element } from './elements.ts';
import { TicketStrip } from './ticket-strip.ts';
import { dateElement } from './time-element.ts';
import { validatorLink } from './validator-name.ts';

/** A drawn block: who won, and the pool with the ticket. */
export const drawView: BlockView = {
  explain: drawSteps,
  noun: 'draw',
  genesisWords:
    'Before anybody could know who would ever play, this block published the seal of an envelope that holds all the others. Every draw opens one more. All that is checked here rests on the hash of this block: compare it with the one that you were sent over nc, or that somebody wrote down when the lottery began.',
  cheatWords:
    'Change what you like; the change stays in this page. See which rule it breaks, then recompute the hash over your lie, and see what gives it away: the signature is made with a key that only the server has, and nothing here can make another one.',
  describe(block, { evidence, whyNoPool, profiles }) {
    if (!isDrawn(block)) return [];
    const { Ticket, TotalStake, PoolSize, Stake } = block.Draw;
    const strip = new TicketStrip();
    const candidates = parsePool(evidence.pool);
    if (candidates !== undefined)
      strip.showDraw(profiles.withProfiles(drawnSegments(candidates, block.Validator)), Ticket);
    const words = `, with BPM ${block.BPM} and ${pluralizeAmount(Stake, 'token')}, won by ticket ${amountText(Ticket)} of ${amountText(TotalStake)}, among ${pluralizeAmount(PoolSize, 'candidate')}, on `;
    const pool =
      candidates === undefined
        ? element('p', {}, whyNoPool ?? 'What the server has as the pool of this draw is none.')
        : strip.root;
    return [
      element(
        'p',
        {},
        validatorLink(block.Validator, profiles.of(block.Validator)),
        words,
        dateElement(block.Timestamp),
        '.',
      ),
      pool,
    ];
  },
  tools: () => [],
};
