import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../src/core/pool.ts';
import { limits } from '../../../src/http/api/limits.ts';
import { drawnSegments, placed, TicketBar } from '../../../src/http/api/ticket-bar.ts';
import type { Segment, SegmentPart } from '../../../src/http/api/types.ts';
import { candidatesWith, frozen } from '../../core/build-chain.ts';
import { cases } from '../../effort.ts';

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
        const expected = frozen(candidates).candidates.map(({ validator, stake, payload }) => {
          return { stake: String(stake), count: 1, validator, bpm: payload };
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
        expect(segments.length).toBeLessThanOrEqual(limits.segmentGroups + 2 * limits.segmentsNamedMax);
        expect(totalOf(segments)).toBe(bar.totalStake);
        expect(segments.reduce((sum, { count }) => sum + count, 0)).toBe(some.length);
      }),
      { numRuns: cases(30) },
    );
  });

  it('names the largest stakes however many there are, each where its tickets are', () => {
    fc.assert(
      fc.property(stakes(400), (some) => {
        const { candidates } = frozen(candidatesWith(some));
        const segments = barOf(candidates).segments();
        const named = segments.flatMap(({ validator }) => (validator === undefined ? [] : [validator]));
        const isCrowded = some.length > limits.segmentsMax;
        expect(named).toHaveLength(isCrowded ? limits.segmentsNamedMax : some.length);
        const sizes = some.toSorted((one, other) => Number(other - one));
        const least = sizes[named.length - 1] ?? 0n;
        for (const [place, { validator, stake }] of segments.entries()) {
          if (validator === undefined) continue;
          expect(BigInt(stake)).toBeGreaterThanOrEqual(least);
          const before = candidates.slice(
            0,
            candidates.findIndex((candidate) => candidate.validator === validator),
          );
          expect(totalOf(segments.slice(0, place))).toBe(before.reduce((total, one) => total + one.stake, 0n));
        }
      }),
      { numRuns: cases(50) },
    );
  });

  it('shows equal parts of the addresses together, from the first to the last', () => {
    const people = Array.from({ length: 256 }, (_, byte) => {
      const validator = byte.toString(16).padStart(2, '0').padEnd(64, '0');
      return { validator, stake: byte < limits.segmentsNamedMax ? 100n : 1n, payload: 70 };
    });
    const segments = barOf(people).segments();
    const groups = segments.slice(limits.segmentsNamedMax);
    expect(segments.findLastIndex(({ validator }) => validator !== undefined)).toBe(limits.segmentsNamedMax - 1);
    const each = 256 / limits.segmentGroups;
    const rest = each - (limits.segmentsNamedMax % each);
    const whole = Array<number>(Math.floor((256 - limits.segmentsNamedMax) / each)).fill(each);
    expect(groups.map(({ count }) => count)).toEqual([rest, ...whole]);
  });

  it('says whom its groups consist of, in drawing order, while a part can be seen', () => {
    const order = (validator: string): number => Number.parseInt(validator.slice(-4), 16);
    const partsOf = (some: readonly Candidate[]): unknown =>
      barOf(some)
        .segments(undefined, order)
        .flatMap(({ validator, stake, parts = [] }): readonly SegmentPart[] =>
          validator === undefined ? parts : [[order(validator), stake]],
        );
    const candidates = candidatesWith(
      Array.from({ length: limits.segmentPartsMax + 1 }, (_, place) => BigInt(place + 1)),
    );
    const some = candidates.slice(1);
    const expected = frozen(some).candidates.map(({ validator, stake }) => [order(validator), String(stake)]);
    expect(partsOf(some)).toEqual(expected);
    expect(
      barOf(candidates)
        .segments()
        .some(({ parts }) => parts !== undefined),
    ).toBe(false);
  });

  it('finds the candidates whose address begins so, with their first tickets', () => {
    fc.assert(
      fc.property(stakes(100), fc.nat(), (stakesOfAll, place) => {
        const { candidates } = frozen(candidatesWith(stakesOfAll));
        const at = place % candidates.length;
        const candidate = candidates[at];
        const firstTicket = candidates.slice(0, at).reduce((sum, { stake }) => sum + stake, 0n);
        const prefix = candidate?.validator.slice(0, 8) ?? '';
        expect(barOf(candidates).find(prefix)).toEqual([{ candidate, firstTicket }]);
        expect(placed(candidates, prefix)).toEqual([{ candidate, firstTicket }]);
      }),
    );
    const twins = ['0', '1'].map((last) => ({ validator: 'ab'.repeat(31) + last.repeat(2), stake: 5n, payload: 70 }));
    expect(
      barOf(twins)
        .find('abababab')
        .map(({ firstTicket }) => firstTicket),
    ).toEqual([0n, 5n]);
    expect(barOf(twins).find('abababac')).toEqual([]);
  });

  it('takes nothing that is no address', () => {
    expect(() => barOf([{ validator: 'nobody', stake: 1n, payload: 70 }])).toThrow('nobody is no address');
  });

  it('begins to group with one more than it has segments for', () => {
    const named = (size: number): number =>
      barOf(candidatesWith(Array<bigint>(size).fill(5n)))
        .segments()
        .filter(({ validator }) => validator !== undefined).length;
    expect(named(limits.segmentsMax)).toBe(limits.segmentsMax);
    expect(named(limits.segmentsMax + 1)).toBe(limits.segmentsNamedMax);
  });

  it('names the next largest when a large one is slashed', () => {
    const candidates = candidatesWith(Array.from({ length: 100 }, (_, place) => BigInt(place + 1)));
    const bar = barOf(candidates);
    const largest = (): bigint =>
      bar.segments().reduce((most, { validator, stake }) => {
        return validator !== undefined && BigInt(stake) > most ? BigInt(stake) : most;
      }, 0n);
    expect(largest()).toBe(100n);
    bar.remove(candidates[99]?.validator ?? '');
    expect(largest()).toBe(99n);
    expect(bar.segments().filter(({ validator }) => validator !== undefined)).toHaveLength(limits.segmentsNamedMax);
  });

  it('forgets whoever is slashed, and counts nobody twice', () => {
    const candidates = candidatesWith([5n, 7n]);
    const bar = barOf([...candidates, ...candidates]);
    expect(bar.totalStake).toBe(12n);
    bar.remove(candidates[0]?.validator ?? '');
    bar.remove('f'.repeat(64));
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
        expect(segments.length).toBeLessThanOrEqual(limits.segmentGroups + 2 * (limits.segmentsNamedMax + 1));
      }),
      { numRuns: cases(50) },
    );
  });
});
