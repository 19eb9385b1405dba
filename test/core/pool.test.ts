import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { Pool } from '../../src/core/pool.ts';
import { SumTree } from '../../src/core/sum-tree.ts';
import { candidatesWith, frozen } from './build-chain.ts';

const stakes = fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { minLength: 1, maxLength: 30 });

describe('the pool', () => {
  it('gives the same draw in whatever order its candidates came', () => {
    fc.assert(
      fc.property(
        stakes.chain((amounts) => {
          const candidates = candidatesWith(amounts);
          return fc.tuple(
            fc.constant(candidates),
            fc.shuffledSubarray([...candidates], { minLength: candidates.length }),
          );
        }),
        ([candidates, shuffled]) => {
          expect(frozen(shuffled).leaves).toEqual(frozen(candidates).leaves);
          expect(frozen(shuffled).candidates).toEqual(frozen(candidates).candidates);
        },
      ),
    );
  });

  it('sorts by address', () => {
    fc.assert(
      fc.property(stakes, (amounts) => {
        const pool = frozen(candidatesWith(amounts));
        const addresses = pool.candidates.map(({ validator }) => validator);
        expect(addresses).toEqual([...addresses].sort());
      }),
    );
  });

  it('takes one candidate a validator', () => {
    const pool = new Pool();
    const [candidate] = candidatesWith([5n]);
    if (candidate === undefined) throw new Error('no candidate');
    pool.add(candidate);
    expect(() => pool.add({ ...candidate, payload: 99 })).toThrow('in the pool already');
    expect(pool.totalStake).toBe(5n);
  });

  it('takes no candidate without a stake', () => {
    expect(() => frozen(candidatesWith([0n]))).toThrow(RangeError);
    expect(frozen(candidatesWith([1n])).candidates).toHaveLength(1);
  });

  it('forgets a slashed candidate and its stake', () => {
    const pool = new Pool();
    const candidates = candidatesWith([5n, 7n]);
    for (const candidate of candidates) pool.add(candidate);
    pool.remove(candidates[0]?.validator ?? '');
    pool.remove('f'.repeat(64));
    expect([pool.size, pool.totalStake]).toEqual([1, 7n]);
    expect([...pool.candidates()]).toEqual([candidates[1]]);
  });

  it('does not change once it is frozen', () => {
    const pool = new Pool();
    const [first, second] = candidatesWith([5n, 7n]);
    if (first === undefined || second === undefined) throw new Error('no candidates');
    pool.add(first);
    const closed = pool.freeze();
    pool.add(second);
    expect(closed.candidates).toEqual([first]);
  });

  it('is exact with ten thousand of the largest stakes', () => {
    const pool = frozen(candidatesWith(new Array<bigint>(10_000).fill(10n ** 15n)));
    expect(runToEnd(SumTree.grow(pool.leaves)).root.sum).toBe(10n ** 19n);
  });
});
