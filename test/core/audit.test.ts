import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findPoolFault, type PoolRule } from '../../src/core/audit.ts';
import { type Block, isDrawn } from '../../src/core/block.ts';
import type { Candidate } from '../../src/core/pool.ts';
import { readPool } from '../../src/core/pool-form.ts';
import { readChain, readExample } from './example.ts';
import { candidatesWith, forgeChain, frozen, hexOf } from './forge.ts';

const sorted: readonly Candidate[] = frozen(candidatesWith([9n, 5n, 7n, 11n, 1n])).candidates;
const [genesis, block] = forgeChain([sorted], 4);

function ruleFor(pool: readonly Candidate[], of: Block | undefined = block): PoolRule | undefined {
  if (of === undefined) throw new Error('no block');
  return findPoolFault(of, pool)?.rule;
}

/** The pool with its candidate in one place changed. */
function changed(place: number, changes: Partial<Candidate>): readonly Candidate[] {
  return sorted.map((candidate, other) => (other === place ? { ...candidate, ...changes } : candidate));
}

describe('the pool of a block', () => {
  it('holds when it is the one that the block was drawn from', () => {
    expect(ruleFor(sorted)).toBeUndefined();
    expect(ruleFor([], genesis)).toBeUndefined();
  });

  it('holds in the worked chain of the specification', () => {
    const { chain, pools } = readExample();
    for (const [index, of] of readChain(chain).entries()) {
      expect(ruleFor(index === 0 ? [] : (readPool(pools[index - 1]) ?? []), of)).toBeUndefined();
    }
  });

  it('must be sorted by address, each validator once, each BPM a whole number that SPEC 1 accepts', () => {
    expect(ruleFor([...sorted].reverse())).toBe('pool-order');
    expect(ruleFor(sorted.map((candidate, place) => sorted[Math.max(1, place)] ?? candidate))).toBe('pool-order');
    for (const bpm of [-1, 1.5, 2 ** 31]) expect(ruleFor(changed(0, { bpm }))).toBe('pool-order');
  });

  it('must have as many candidates and tokens as the block says, and its root', () => {
    expect(ruleFor([])).toBe('pool-size');
    expect(ruleFor(sorted.slice(1))).toBe('pool-size');
    expect(ruleFor(changed(2, { stake: 1000n }))).toBe('pool-total');
    expect(ruleFor(changed(2, { bpm: 77 }))).toBe('pool-root');
    expect(ruleFor(sorted, genesis)).toBe('pool-size');
  });

  it('must have the winner where the ticket is, with the stake and BPM of the block', () => {
    if (block === undefined || !isDrawn(block)) throw new Error('no draw');
    const other = sorted.find(({ validator }) => validator !== block.Validator)?.validator ?? '';
    expect(ruleFor(sorted, { ...block, Validator: other })).toBe('pool-winner');
    expect(ruleFor(sorted, { ...block, BPM: block.BPM + 1 })).toBe('pool-winner');
    expect(ruleFor(sorted, { ...block, Draw: { ...block.Draw, Stake: '2' } })).toBe('pool-winner');
    expect(ruleFor(sorted, { ...block, Draw: { ...block.Draw, Ticket: '1000' } })).toBe('pool-winner');
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
          const { validator, stake, bpm } = sorted[at] ?? candidate;
          return candidate.validator === validator && candidate.stake === stake && candidate.bpm === bpm;
        });
        expect(ruleFor(pool) === undefined).toBe(isSame);
        expect(ruleFor(sorted.filter((_, at) => at !== place))).toBeDefined();
      }),
    );
  });
});
