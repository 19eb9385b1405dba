import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/limits.ts';
import type { Candidate } from '../../src/core/pool.ts';
import type { Segment } from '../../src/dashboard/messages.ts';
import { drawnSegments, TicketBar } from '../../src/dashboard/ticket-bar.ts';
import { candidatesWith, frozen } from '../core/forge.ts';

function barOf(candidates: readonly Candidate[]): TicketBar {
  const bar = new TicketBar();
  for (const candidate of candidates) bar.add(candidate);
  return bar;
}

function totalOf(segments: readonly Segment[]): bigint {
  return segments.reduce((total, { stake }) => total + BigInt(stake), 0n);
}

const stakes = (maxLength: number): fc.Arbitrary<bigint[]> =>
  fc.array(fc.bigInt({ min: 1n, max: 10n ** 15n }), { minLength: 1, maxLength });

describe('the ticket bar', () => {
  it('gives everybody a segment in drawing order while they are few', () => {
    fc.assert(
      fc.property(stakes(limits.segmentsMax), (some) => {
        const candidates = candidatesWith(some);
        const expected = frozen(candidates).candidates.map(({ validator, stake, bpm }) => {
          return { stake: String(stake), count: 1, validator, bpm };
        });
        expect(barOf(candidates).segments()).toEqual(expected);
      }),
    );
  });

  it('shows all tickets in few segments when there are many', () => {
    fc.assert(
      fc.property(stakes(400), (some) => {
        const bar = barOf(candidatesWith(some));
        const segments = bar.segments();
        expect(segments.length).toBeLessThanOrEqual(64);
        expect(totalOf(segments)).toBe(bar.totalStake);
        expect(segments.reduce((sum, { count }) => sum + count, 0)).toBe(some.length);
      }),
      { numRuns: 30 },
    );
  });

  it('forgets whoever is slashed, and counts nobody twice', () => {
    const candidates = candidatesWith([5n, 7n]);
    const bar = barOf([...candidates, ...candidates]);
    expect(bar.totalStake).toBe(12n);
    bar.remove(candidates[0]?.validator ?? '');
    bar.remove('nobody');
    expect(bar.segments().map(({ stake }) => stake)).toEqual(['7']);
    expect(bar.size).toBe(1);
  });
});

describe('the segments of a draw', () => {
  it('stand in drawing order with all the tickets, the winner always alone in one', () => {
    fc.assert(
      fc.property(stakes(400), fc.nat(), (some, place) => {
        const { candidates } = frozen(candidatesWith(some));
        const winner = candidates[place % candidates.length]?.validator ?? '';
        const segments = drawnSegments(candidates, winner);
        expect(totalOf(segments)).toBe(some.reduce((total, stake) => total + stake, 0n));
        const own = segments.findIndex(({ isWinner }) => isWinner === true);
        expect(segments[own]).toMatchObject({ validator: winner, count: 1 });
        // The winner's first ticket is where it was drawn.
        const before = candidates.slice(
          0,
          candidates.findIndex(({ validator }) => validator === winner),
        );
        expect(totalOf(segments.slice(0, own))).toBe(before.reduce((total, { stake }) => total + stake, 0n));
        expect(segments.length).toBeLessThanOrEqual(66);
      }),
      { numRuns: 50 },
    );
  });
});
