import { describe, expect, it } from 'vitest';
import { Score } from '../../../src/cli/join/score.ts';
import { standings } from '../../../src/cli/join/standings.ts';
import { limits } from '../../../src/cli/limits.ts';
import { hexOf } from '../../core/build-chain.ts';

/** A bot that has been in one draw, which it won. */
function winner(number: number): { number: number; score: Score } {
  const score = new Score();
  const address = hexOf(`bot ${number}`);
  score.onEvent({ kind: 'welcome', address, stake: 5n });
  score.onEvent({ kind: 'winner', address });
  score.onEvent({ kind: 'ticket', ticket: 0n, total: 10n, first: 0n, last: 4n });
  return { number, score };
}

describe('the table of the bots', () => {
  it('has all rounds that were drawn beside the wins of many bots, though each was in one only', () => {
    const bots = Array.from({ length: limits.listedEntriesMax + 3 }, (_, place) => winner(place + 1));
    const rows = standings(bots, bots.length).trimEnd().split('\n');
    expect(rows[1]).toMatch(/^ +1 {2}[0-9a-f]{8}… +5 +1 +1 /);
    expect(rows.at(-2)).toMatch(/^ +3 others +15 +23 +3 /);
    expect(rows.at(-1)).toMatch(/^all +115 +23 +23 /);
  });
});
