import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../src/core/pool.ts';
import { limits } from '../../src/http/limits.ts';
import { type RoundStore, readOlderRounds } from '../../src/http/older-rounds.ts';
import type { Round } from '../../src/http/round.ts';
import { replaceField } from '../../src/web/tampering.ts';
import { chain, pools } from '../storage/contract.ts';

const height = chain.length - 1;

/** The chain as it is stored, with the pools at hand and the blocks as `change` makes them. */
function storeOf(change: (block: unknown) => unknown = (block) => block): RoundStore & { readonly asked: number[] } {
  const asked: number[] = [];
  return {
    asked,
    async block(index) {
      return JSON.stringify(change(chain[index]));
    },
    async pool(index): Promise<readonly Candidate[] | undefined> {
      asked.push(index);
      return index === 2 ? undefined : pools[index - 1];
    },
  };
}

/** All that is read; `lastWanted` is the index after which nobody wants more. */
async function readAll(store: RoundStore, lastWanted = 0): Promise<readonly Round[]> {
  const closing = new AbortController();
  const rounds: Round[] = [];
  for await (const round of readOlderRounds(store, height, closing.signal)) {
    rounds.push(round);
    if (round.index === lastWanted) closing.abort();
  }
  return rounds;
}

describe('the older rounds', () => {
  it('come newest first, as they were drawn, without those whose pools are lost', async () => {
    const rounds = await readAll(storeOf());
    expect(rounds.map(({ index }) => index)).toEqual([4, 3, 1]);
    for (const { index, winner, totalStake, candidates } of rounds) {
      expect([winner, candidates]).toEqual([chain[index]?.Validator, pools[index - 1]]);
      expect(totalStake).toBe(candidates.reduce((total, { stake }) => total + stake, 0n));
    }
  });

  it.each([
    [limits.candidatesKeptMax / 2, [4, 3]],
    [limits.candidatesKeptMax / 2 + 1, [4]],
    [limits.candidatesKeptMax + 1, []],
  ])(
    'end before a pool that there is no room for, without asking for it, when each has %d candidates',
    async (size, read) => {
      const store = storeOf((block) => replaceField(block, ['Draw', 'PoolSize'], size));
      expect((await readAll(store)).map(({ index }) => index)).toEqual(read);
      expect(store.asked).toEqual(read);
    },
  );

  it('end when nobody wants them any more', async () => {
    const store = storeOf();
    expect(await readAll(store, 3)).toHaveLength(2);
    expect(store.asked).toEqual([4, 3]);
  });

  it('fail when a block cannot be read', async () => {
    const damaged = storeOf((block) => replaceField(block, ['Hash'], 'none'));
    await expect(readAll(damaged)).rejects.toThrow(`block ${height} cannot be read`);
  });
});
