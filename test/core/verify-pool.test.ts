import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/core/block.ts';
import { parsePool } from '../../src/core/parse-pool.ts';
import type { Candidate } from '../../src/core/pool.ts';
import { findPoolFault } from '../../src/core/verify-pool.ts';
import { buildChain, candidatesWith, frozen, hexOf } from './build-chain.ts';
import { readChain, readExample } from './example.ts';

const sorted: readonly Candidate[] = frozen(candidatesWith([9n, 5n, 7n, 11n, 1n])).candidates;
const [genesis, block] = buildChain([sorted], 4);

function faultOf(pool: readonly Candidate[], of: Block | undefined = block): string | undefined {
  if (of === undefined) throw new Error('no block');
  return findPoolFault(of, pool);
}

/** The pool with its candidate in one place changed. */
function changed(place: number, changes: Partial<Candidate>): readonly Candidate[] {
  return sorted.map((candidate, other) => (other === place ? { ...candidate, ...changes } : candidate));
}

describe('the pool of a block', () => {
  it('holds when it is the one that the block was drawn from', () => {
    expect(faultOf(sorted)).toBeUndefined();
    expect(faultOf([], genesis)).toBeUndefined();
  });

  it('holds in the worked chain of the specification', () => {
    const { chain, pools } = readExample();
    for (const [index, of] of readChain(chain).entries()) {
      expect(faultOf(index === 0 ? [] : (parsePool(pools[index - 1]) ?? []), of)).toBeUndefined();
    }
  });

  it('must be sorted by address, each validator once, each BPM a whole number that SPEC 1 accepts', () => {
    expect(faultOf([...sorted].reverse())).toContain('stands behind');
    expect(faultOf(sorted.map((candidate, place) => sorted[Math.max(1, place)] ?? candidate))).toContain('twice');
    for (const payload of [-1, 1.5, 2 ** 31]) expect(faultOf(changed(0, { payload }))).toContain('BPM');
  });

  it('must have as many candidates and tokens as the block says, and its root', () => {
    expect(faultOf([])).toContain('PoolSize');
    expect(faultOf(sorted.slice(1))).toContain('PoolSize');
    expect(faultOf(changed(2, { stake: 1000n }))).toContain('TotalStake');
    expect(faultOf(changed(2, { payload: 77 }))).toContain('PoolRoot');
    expect(faultOf(sorted, genesis)).toContain('was not drawn');
  });

  it('does not hold with any one candidate left out, added or changed', () => {
    const change = fc.record(
      { validator: fc.nat().map(hexOf), stake: fc.bigInt(1n, 100n), bpm: fc.nat(200) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.nat(sorted.length - 1), change, (place, changes) => {
        const pool = changed(place, changes);
        const isSame = pool.every((candidate, at) => {
          const { validator, stake, payload } = sorted[at] ?? candidate;
          return candidate.validator === validator && candidate.stake === stake && candidate.payload === payload;
        });
        expect(faultOf(pool) === undefined).toBe(isSame);
        expect(faultOf(sorted.filter((_, at) => at !== place))).toBeDefined();
      }),
    );
  });
});
