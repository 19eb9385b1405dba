import { describe, expect, it } from 'vitest';
import { InProcessSearch } from '../../../../src/consensus/work/search/in-process-search.ts';
import { SystemTurns } from '../../../../src/platform/system-turns.ts';
import { hexOf } from '../../../core/build-chain.ts';
import { describesANonceSearch } from './nonce-search-contract.ts';

describe('a search in the process', () => {
  describesANonceSearch(() => new InProcessSearch(new SystemTurns()));

  it('finds the first nonce that holds, after the same turns every time', async () => {
    const runs = await Promise.all(
      [1, 2].map(async () => {
        let turns = 0;
        const search = new InProcessSearch(
          {
            isTurnOver: () => true,
            yieldToEventLoop: async () => {
              turns += 1;
            },
          },
          16,
        );
        const end = await search.search({ contentHash: hexOf('same'), difficulty: 300n });
        return { end, turns, tried: search.tried };
      }),
    );
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]?.tried).toBe((runs[0]?.turns ?? 0) * 16);
  });
});
