import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runToEnd } from '../../src/base/run-to-end.ts';
import { drawAttempts, drawSeed, drawTicket, ticketBits } from '../../src/core/draw.ts';
import { SumTree } from '../../src/core/sum-tree.ts';
import { candidatesWith, frozen, hexOf } from './build-chain.ts';

const seeds = fc.integer().map(hexOf);
const totals = fc.oneof(fc.bigInt({ min: 1n, max: 20n }), fc.bigInt({ min: 1n, max: 2n ** 256n }));

/** The draw as the specification words it, with nothing of ours. */
function drawByTheBook(seed: string, total: bigint): bigint {
  let bits = 0n;
  while (2n ** bits < total) bits += 1n;
  for (let attempt = 0; ; attempt++) {
    const hash = createHash('sha256').update(`["sortition/2/ticket","${seed}",${attempt}]`).digest('hex');
    const value = BigInt(`0x${hash}`) & (2n ** bits - 1n);
    if (value < total) return value;
  }
}

/** Pearson's statistic of counts against the counts that are expected. */
function chiSquare(counts: readonly number[], expected: readonly number[]): number {
  return counts.reduce((sum, count, place) => {
    const mean = expected[place] ?? 0;
    return sum + (count - mean) ** 2 / mean;
  }, 0);
}

/** Above these a fair draw comes once in a thousand times, by degrees of freedom. */
const critical: Readonly<Record<number, number>> = { 2: 13.82, 4: 18.47, 9: 27.88 };

it('a draw looks at just as many bits as the last ticket has', () => {
  expect([1n, 2n, 3n, 4n, 5n, 2n ** 255n, 2n ** 256n].map(ticketBits)).toEqual([0, 1, 2, 2, 3, 255, 256]);
});

describe('a ticket', () => {
  it('is one of those there are, and the one that the specification gives', () => {
    fc.assert(
      fc.property(seeds, totals, (seed, total) => {
        const ticket = drawTicket(seed, total);
        expect(ticket).toBeGreaterThanOrEqual(0n);
        expect(ticket).toBeLessThan(total);
        expect(ticket).toBe(drawByTheBook(seed, total));
      }),
    );
  });

  it('is 0 when there is only one', () => {
    expect(drawTicket(hexOf('any'), 1n)).toBe(0n);
  });

  it('cannot be drawn from none, or from more than 256 bits can tell apart', () => {
    expect(() => drawTicket(hexOf('any'), 0n)).toThrow(RangeError);
    expect(() => drawTicket(hexOf('any'), 2n ** 256n + 1n)).toThrow(RangeError);
  });

  it('is the first attempt that falls among the tickets', () => {
    fc.assert(
      fc.property(seeds, fc.bigInt({ min: 1n, max: 1000n }), (seed, total) => {
        const values = [...drawAttempts(seed, total)].map(({ value }) => value);
        expect(values.slice(0, -1).every((value) => value >= total)).toBe(true);
        expect(values.at(-1)).toBe(drawTicket(seed, total));
      }),
    );
  });

  // 5 and 10 lie far from a power of two: a remainder would favour the low tickets almost twofold.
  it.each([5, 10])('is equally likely to be any of %i', (total) => {
    const counts = new Array<number>(total).fill(0);
    const draws = 20_000;
    for (let draw = 0; draw < draws; draw++) {
      const ticket = Number(drawTicket(drawSeed(hexOf('genesis'), draw, hexOf(draw)), BigInt(total)));
      counts[ticket] = (counts[ticket] ?? 0) + 1;
    }
    expect(chiSquare(counts, new Array<number>(total).fill(draws / total))).toBeLessThan(critical[total - 1] ?? 0);
  });

  it('wins in proportion to the stake', () => {
    const pool = frozen(candidatesWith([50n, 30n, 20n]));
    const tree = runToEnd(SumTree.grow(pool.leaves));
    const stakes = pool.candidates.map(({ stake }) => Number(stake));
    const wins = [0, 0, 0];
    const draws = 20_000;
    for (let draw = 0; draw < draws; draw++) {
      const winner = tree.leafOf(drawTicket(drawSeed(hexOf('genesis'), draw, hexOf(draw)), 100n));
      wins[winner] = (wins[winner] ?? 0) + 1;
    }
    const expected = stakes.map((stake) => (draws * stake) / 100);
    expect(chiSquare(wins, expected)).toBeLessThan(critical[2] ?? 0);
  });
});
